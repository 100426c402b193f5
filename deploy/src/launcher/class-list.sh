#!/usr/bin/env bash
# class-list.sh FILE: the names of the classes that short commands load, found by running some in a home of their own. The launcher makes an archive of
# them (docs/OPERATIONS.md, "Speed of short commands"). Needs the packaged sender and receiver of this checkout; listens nowhere.
set -eu
out=$1
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
java=${JAVA_HOME:+$JAVA_HOME/bin/java}
[ -x "$java" ] || java=$(command -v java)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 SAGO_HOME=$work/home SAGO_PASSPHRASE_FILE=$work/passphrase SAGO_CONFIG=$work/sago.yaml
echo 'version: 1' >"$SAGO_CONFIG"
echo 'known to everybody' >"$SAGO_PASSPHRASE_FILE"

class_path() { local IFS=:; local jars=("$top/$1/target/sago-$1-"*.jar "$top/$1/target/lib"/*.jar); echo "${jars[*]}"; }
sender=$(class_path sender)
# The flags that decide which classes are loaded, as the launcher gives them.
common=(-Xmx160m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dfile.encoding=UTF-8 -Djava.awt.headless=true -Dio.netty.maxDirectMemory=0)
home() { # arguments of a command whose classes are noted
  count=$((${count:-0} + 1))
  "$java" "${common[@]}" -Xshare:off -XX:DumpLoadedClassList="$work/classes-$count" -cp "$sender" sago.sender.cli.SagoMain "$@" </dev/null >>"$work/log" 2>&1 || true
}
"$java" "${common[@]}" -cp "$(class_path receiver)" sago.receiver.cli.ReceiverMain init --dir "$work/site" --name site --jurisdiction SG \
  --listen 127.0.0.1:1 --request-out "$work/request" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
home init --kit-out "$work/kit"
home site add "$work/request" --address 127.0.0.1:1 --grant-out "$work/grant" --yes
"$java" "${common[@]}" -cp "$sender" sago.sender.cli.SagoMain backup --dataset data "$work" </dev/null >>"$work/log" 2>&1 || true # nobody listens: it leaves a dataset and a catalog
home snapshots
home status
home key list
home --help
home config show
cat "$work"/classes-* | awk '!seen[$0]++' >"$work/classes"
[ "$(wc -l <"$work/classes")" -gt 1000 ] || { cat "$work/log"; exit 1; }
mv -f "$work/classes" "$out"
