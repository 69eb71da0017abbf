# For apt, where no agent is yet: mirror, proxies and certificates out of the JSON of NetworkSettings
# (src/protocol/agent-input.ts), in files that are gone when the command ends. Its values are
# addresses and PEM, of which JSON escapes nothing but line breaks. nua-build puts this text into
# one RUN instruction: each line goes on in the next, and comments are left out.
json=$(cat /run/nua/network-settings 2>/dev/null ||
    printf %s "${FTP_PROXY-}" | sed -n 's/^nua://p' | base64 -d);
unset FTP_PROXY ftp_proxy;
field() { printf %s "$json" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; };
work=$(mktemp -d); chmod 755 "$work"; trap 'rm -rf "$work"' EXIT;
value=$(field httpProxy); [ -z "$value" ] || export http_proxy="$value";
value=$(field httpsProxy); [ -z "$value" ] || export https_proxy="$value";
value=$(field noProxy); [ -z "$value" ] || export no_proxy="$value";
export APT_CONFIG="$work/apt.conf"; : >"$APT_CONFIG";
field ca | sed 's/\\n/\n/g' >"$work/ca.pem";
if [ -s "$work/ca.pem" ]; then
    cat /etc/ssl/certs/ca-certificates.crt >>"$work/ca.pem" 2>/dev/null || true;
    echo "Acquire::https::CAInfo \"$work/ca.pem\";" >>"$APT_CONFIG";
fi;
mirror=$(field aptMirror); mkdir "$work/sources";
case "$mirror" in
    "") ;;
    "deb "*) printf '%s\n' "$mirror" | sed 's/\\n/\n/g' >"$work/sources/mirror.list" ;;
    # Security updates of Debian are in another archive, which stays where it is.
    *) to=$(printf %s "$mirror" | sed 's/[&#\\]/\\&/g');
        for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
            if [ ! -f "$file" ]; then continue; fi;
            sed -E "s#https?://[^ ]*/(debian|ubuntu|ubuntu-ports)/?( |\$)#$to\2#"
                "$file" >"$work/sources/$(basename "$file")";
        done ;;
esac;
if [ -n "$mirror" ]; then
    printf 'Dir::Etc::sourcelist "%s/none";\nDir::Etc::sourceparts "%s/sources";\n'
        "$work" "$work" >>"$APT_CONFIG";
fi;
