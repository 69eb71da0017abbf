#!/bin/bash
# Serves an app in PHP: php-fpm behind nginx, as one program that ends when either of them does.
# Written by nua-build. The variables PORT, WEB_CONCURRENCY, PHP_MEMORY_LIMIT and PHP_UPLOAD_LIMIT
# decide where it listens, how many requests are answered at a time, and how large they may be.
set -u

fail() {
    echo "serve-php: $1" >&2
    exit 78
}
usage="serve-php [--front] [--deny FOLDER]... [--include FILE] [--pool FILE] [FOLDER]"

front=
include=
pool=
denied=()
folder=.
while [ $# -gt 0 ]; do
    case $1 in
        --front) front=1 ;;
        --deny | --include | --pool)
            [ $# -gt 1 ] || fail "$1 needs a value: $usage"
            case $1 in
                --deny) denied+=("$2") ;;
                --include) include=$2 ;;
                --pool) pool=$2 ;;
            esac
            shift
            ;;
        -*) fail "\"$1\" is unknown: $usage" ;;
        *) folder=$1 ;;
    esac
    shift
done

root=$(cd -- "$folder" 2>/dev/null && pwd) || fail "there is no folder \"$folder\" in $PWD"
for file in "$include" "$pool"; do
    [ -z "$file" ] || [ -f "$file" ] || fail "there is no file \"$file\" in $PWD"
done
# nginx reads these in a quoted word, and has no way to write a dollar sign.
for name in "$root" "$PWD" "$include" "$pool" "${denied[@]}"; do
    case $name in
        *[\"\\\$]* | *[[:cntrl:]]*) fail "\"$name\": a name with a quote, a backslash or a dollar sign" ;;
    esac
done
port=${PORT:-8080}
case $port in
    '' | *[!0-9]*) fail "PORT is \"$port\": expected a number" ;;
esac
export PHP_MEMORY_LIMIT=${PHP_MEMORY_LIMIT:-256M}
export PHP_UPLOAD_LIMIT=${PHP_UPLOAD_LIMIT:-64M}
for limit in "$PHP_MEMORY_LIMIT" "$PHP_UPLOAD_LIMIT"; do
    case ${limit%[kKmMgG]} in
        -1) ;;
        '' | *[!0-9]*) fail "PHP_MEMORY_LIMIT or PHP_UPLOAD_LIMIT is \"$limit\": expected such as 64M" ;;
    esac
done
fpm=
for one in /usr/sbin/php-fpm*; do [ -x "$one" ] && fpm=$one; done
[ -n "$fpm" ] || fail "there is no php-fpm in this image"

# What both write goes to the first folder that can be written to: an image may be read-only.
state=
for one in /run /tmp /dev/shm; do
    if mkdir -p "$one/serve-php/sessions" 2>/dev/null && [ -w "$one/serve-php/sessions" ]; then
        state=$one/serve-php
        break
    fi
done
[ -n "$state" ] || fail "none of /run, /tmp and /dev/shm can be written to: mount a tmpfs at /tmp"
chmod 700 "$state/sessions" 2>/dev/null

# A terminal or a pipe of somebody else's may be written to, yet not opened: php://stderr and the logs are.
logs=()
if ! { : >>/proc/self/fd/1; } 2>/dev/null || ! { : >>/proc/self/fd/2; } 2>/dev/null; then
    # Nothing that is meant for the two servers ends what they write through.
    exec 3>&1 4>&2
    exec 1> >(trap '' TERM INT QUIT HUP; exec cat >&3)
    logs+=($!)
    exec 2> >(trap '' TERM INT QUIT HUP; exec cat >&4)
    logs+=($!)
    exec 3>&- 4>&-
fi

# As many as the container's memory holds, where an answer takes 64 MB.
memory() {
    local bytes
    for file in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
        if read -r bytes <"$file" && [ "${#bytes}" -lt 15 ] && [ "$bytes" != max ]; then
            echo $((bytes / 1048576))
            return
        fi
    done 2>/dev/null
    while read -r name kilobytes _; do
        [ "$name" = MemTotal: ] && echo $((kilobytes / 1024)) && return
    done </proc/meminfo
    echo 512
}
children=${WEB_CONCURRENCY:-}
if [ -z "$children" ]; then
    children=$(($(memory) / 64))
    [ "$children" -ge 4 ] || children=4
    [ "$children" -le 32 ] || children=32
fi
case $children in
    0* | *[!0-9]*) fail "WEB_CONCURRENCY is \"$children\": expected a number" ;;
esac

# Where nothing has become user nua before, both servers do.
user=
owner=
if [ "$(id -u)" = 0 ]; then
    user="user nua;"
    owner=$'user = nua\ngroup = nua\nlisten.owner = nua\nlisten.group = nua'
    chown nua:nua "$state/sessions"
fi
cat >"$state/php-fpm.conf" <<END
[global]
daemonize = no
error_log = /proc/self/fd/2
log_level = warning
log_limit = 16384
process_control_timeout = 1
pid = $state/php-fpm.pid

[www]
$owner
listen = $state/php-fpm.sock
pm = ondemand
pm.max_children = $children
pm.process_idle_timeout = 60s
pm.max_requests = 1000
clear_env = no
catch_workers_output = yes
decorate_workers_output = no
php_value[session.save_path] = $state/sessions
${pool:+include = $PWD/$pool}
END

ipv6=
[ ! -f /proc/net/if_inet6 ] || ipv6="listen [::]:$port default_server;"
# The files of a reproducible image all have one time, long ago, and nginx tells the versions of a
# file apart by nothing but its time and its size.
undated=
if [ "$(stat -c %Y "$root")" -lt 946684800 ]; then undated="etag off; if_modified_since off;"; fi
closed=
for one in "${denied[@]}"; do
    closed+="        location ^~ \"/$one/\" { return 404; }"$'\n'
done
# What lies beside the app's entry only because that is in the app's own folder.
if [ "$root" = "$PWD" ]; then
    # One of the app's own may hold what browsers load.
    [ ! -e "$root/vendor/autoload.php" ] || closed+='        location ^~ "/vendor/" { return 404; }'$'\n'
    closed+='        location ~* "^/(?:node_modules|nua)/|^/(?:Procfile|Makefile|artisan|package(?:-lock)?\.json|yarn\.lock|pnpm-lock\.yaml|phpunit\.xml.*|phpstan\..*|nua-config\..*|Dockerfile.*|docker-compose.*|compose\.ya?ml)$|\.(?:ini|ya?ml|neon|sh|twig|tpl|conf|env|dist|pem|key)$" { return 404; }'
fi
# What the list of the distribution does not have: twice would be complained of.
types=
for one in "text/javascript mjs" "application/manifest+json webmanifest" "application/wasm wasm"; do
    grep -q "\b${one#* }\b" /etc/nginx/mime.types || types+=$'\n'"        $one;"
done
last="=404"
[ -z "$front" ] || last="/index.php\$is_args\$args"
if [ -n "$include" ]; then
    pages="        include \"$PWD/$include\";"
else
    pages="        location / { try_files \$uri \$uri/ $last; }"
fi

cat >"$state/nginx.conf" <<END
$user
worker_processes auto;
daemon off;
pid $state/nginx.pid;
error_log stderr warn;
worker_shutdown_timeout 700ms;

events {
    worker_connections 1024;
}

http {
    client_body_temp_path $state/body;
    proxy_temp_path $state/proxy;
    fastcgi_temp_path $state/fastcgi;
    uwsgi_temp_path $state/uwsgi;
    scgi_temp_path $state/scgi;

    access_log /proc/self/fd/1 combined;
    server_tokens off;
    sendfile on;
    tcp_nopush on;
    # Behind a proxy the app has another name and port.
    absolute_redirect off;
    $undated
    include /etc/nginx/mime.types;
    types {$types
    }
    types_hash_max_size 4096;
    default_type application/octet-stream;
    client_max_body_size ${PHP_UPLOAD_LIMIT/#-1/0};

    gzip on;
    gzip_comp_level 5;
    gzip_min_length 512;
    gzip_proxied any;
    gzip_vary on;
    gzip_types text/css text/javascript application/javascript application/json application/xml image/svg+xml text/plain;

    # What stands before this server and speaks HTTPS says so.
    map \$http_x_forwarded_proto \$forwarded_https {
        default "";
        https on;
    }

    server {
        listen $port default_server;
        $ipv6
        root "$root";
        index index.php index.html index.htm;

        location ~ "/\.(?!well-known/)" { return 404; }
        location ~* "/(?:composer\.(?:json|lock|phar)|auth\.json)$|\.(?:inc|bak|orig|old|swp|sql|sqlite3?|db|log|phar)$|~$" { return 404; }
        # What was uploaded is handed out, and never run.
        location ~* "/(?:uploads|storage|sites/[^/]+/files)/.*\.(?:php\d?|phtml|pht)(?:/|$)" { return 404; }
$closed
$pages

        location ~ "\.php(?:/|$)" {
            fastcgi_split_path_info "^(.+?\.php)(/.*)?$";
            set \$path_info \$fastcgi_path_info;
            try_files \$fastcgi_script_name =404;
            fastcgi_pass unix:$state/php-fpm.sock;
            fastcgi_param SCRIPT_FILENAME \$document_root\$fastcgi_script_name;
            fastcgi_param SCRIPT_NAME \$fastcgi_script_name;
            fastcgi_param PATH_INFO \$path_info if_not_empty;
            fastcgi_param DOCUMENT_ROOT \$document_root;
            fastcgi_param DOCUMENT_URI \$document_uri;
            fastcgi_param REQUEST_URI \$request_uri;
            fastcgi_param QUERY_STRING \$query_string;
            fastcgi_param REQUEST_METHOD \$request_method;
            fastcgi_param REQUEST_SCHEME \$scheme;
            fastcgi_param CONTENT_TYPE \$content_type;
            fastcgi_param CONTENT_LENGTH \$content_length;
            fastcgi_param SERVER_PROTOCOL \$server_protocol;
            fastcgi_param SERVER_SOFTWARE nginx;
            fastcgi_param GATEWAY_INTERFACE CGI/1.1;
            fastcgi_param REMOTE_ADDR \$remote_addr;
            fastcgi_param REMOTE_PORT \$remote_port;
            fastcgi_param SERVER_ADDR \$server_addr;
            fastcgi_param SERVER_PORT \$server_port;
            fastcgi_param SERVER_NAME \$host;
            fastcgi_param HTTPS \$forwarded_https if_not_empty;
            # A header that PHP would take for the variable of a proxy.
            fastcgi_param HTTP_PROXY "";
            fastcgi_param REDIRECT_STATUS 200;
            fastcgi_buffers 16 16k;
            fastcgi_buffer_size 32k;
            fastcgi_read_timeout 300s;
        }
    }
}
END

stopping=
trap 'stopping=1' TERM INT QUIT HUP
"$fpm" -F -y "$state/php-fpm.conf" &
fpm_pid=$!
# What comes before there is a socket would be answered by an error.
for _ in {1..100}; do
    if [ -S "$state/php-fpm.sock" ] || ! kill -0 $fpm_pid 2>/dev/null; then break; fi
    sleep 0.05
done
nginx -c "$state/nginx.conf" &
nginx_pid=$!

# Whether a process of these has ended within so many tenths of a second.
gone() {
    for ((left = $2; left > 0; left -= 1)); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    ! kill -0 "$1" 2>/dev/null
}

status=0
if [ -z "$stopping" ]; then
    wait -n $fpm_pid $nginx_pid
    status=$?
fi
if [ -n "$stopping" ]; then
    status=0
elif kill -0 $nginx_pid 2>/dev/null; then
    echo "serve-php: php-fpm has ended (exit status $status)" >&2
    [ "$status" != 0 ] || status=1
else
    echo "serve-php: nginx has ended (exit status $status)" >&2
    [ "$status" != 0 ] || status=1
fi
# Answers that are on their way are finished, for a second; then whoever gives them ends.
kill -QUIT $nginx_pid 2>/dev/null
gone $nginx_pid 9 || kill -TERM $nginx_pid 2>/dev/null
kill -QUIT $fpm_pid 2>/dev/null
gone $fpm_pid 2 || kill -TERM $fpm_pid 2>/dev/null
gone $fpm_pid 2 || kill -KILL $fpm_pid 2>/dev/null
if [ ${#logs[@]} -gt 0 ]; then
    exec 1>&- 2>&-
    # What has lost its parent may hold them open.
    for one in "${logs[@]}"; do gone "$one" 5; done
fi
exit $status
