#!/bin/sh
# Serves the site of this image. Written by nua-build, with nginx.conf beside it.
set -eu

port=${PORT:-80}
case $port in
    '' | *[!0-9]*)
        echo "PORT is \"$port\": expected a number" >&2
        exit 78
        ;;
esac

# What nginx writes goes to the first folder that can be written to: an image may be read-only.
state=
for folder in /run /tmp /dev/shm; do
    if mkdir -p "$folder/nua-site" 2>/dev/null && [ -w "$folder/nua-site" ]; then
        state=$folder/nua-site
        break
    fi
done
if [ -z "$state" ]; then
    echo "None of /run, /tmp and /dev/shm can be written to: mount a tmpfs at /tmp" >&2
    exit 78
fi

# Lines of the configuration that hold only here.
set -- -e "s|@PORT@|$port|" -e "s|@STATE@|$state|"
# A terminal or a pipe of somebody else's may be written to, yet not opened.
if (: >>/dev/stdout) 2>/dev/null; then
    set -- "$@" -e 's|@ACCESS_LOG@|/dev/stdout combined|'
else
    set -- "$@" -e 's|@ACCESS_LOG@|off|'
fi
if [ "$(id -u)" = 0 ]; then set -- "$@" -e 's|#root ||'; fi
if [ -f /proc/net/if_inet6 ]; then set -- "$@" -e 's|#ipv6 ||'; fi
if [ -f /usr/lib/nginx/modules/ngx_http_brotli_static_module.so ]; then
    set -- "$@" -e 's|#brotli ||'
fi
# The files of a reproducible image all have one time, long ago, and nginx tells the versions of a
# file apart by nothing but its time and its size.
here=$(dirname "$0")
if [ "$(stat -c %Y "$here/nginx.conf")" -lt 946684800 ]; then set -- "$@" -e 's|#undated ||'; fi

sed "$@" "$here/nginx.conf" >"$state/nginx.conf"
exec nginx -c "$state/nginx.conf"
