#!/usr/bin/env bash
# class-list.sh FILE: the names of the classes that commands of home load, found by running some in a home of their own. The launcher makes an archive of
# them (docs/OPERATIONS.md, "Speed of short commands"). Needs the packaged sender and receiver of this checkout; listens on loopback while it runs.
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
common=(-Xmx160m -XX:MaxDirectMemorySize=288m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dfile.encoding=UTF-8 -Djava.awt.headless=true -Dio.netty.maxDirectMemory=0)
queue=(--add-opens=java.base/java.lang.reflect=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED
  -Dchronicle.analytics.disable=true -Dchronicle.disk.monitor.disable=true -Dchronicle.announcer.disable=true)
home() { # arguments of a command whose classes are noted
  count=$((${count:-0} + 1))
  "$java" "${common[@]}" "${queue[@]}" -Xshare:off -XX:DumpLoadedClassList="$work/classes-$count" -cp "$sender" sago.sender.cli.SagoMain "$@" </dev/null >>"$work/log" 2>&1 ||
    echo "class-list: sago $1 ended with $?" >>"$work/log"
}
site=("$java" "${common[@]}" -cp "$(class_path receiver)" sago.receiver.cli.ReceiverMain)

address=127.0.0.1:$((20000 + RANDOM % 10000))
"${site[@]}" init --dir "$work/site" --name site --jurisdiction SG --listen "$address" --request-out "$work/request" >>"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
home init --kit-out "$work/kit"
home site add "$work/request" --address "$address" --grant-out "$work/grant" --yes
"${site[@]}" grant "$work/grant" --dir "$work/site" >>"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"${site[@]}" run --dir "$work/site" </dev/null >>"$work/log" 2>&1 &
receiver=$!
trap 'kill $receiver 2>/dev/null; wait $receiver 2>/dev/null; rm -rf "$work"' EXIT
for _ in $(seq 100); do grep -q '^ready' "$work/log" && break; sleep 0.1; done

mkdir -p "$work/data/folder"
head -c 3000000 /dev/urandom >"$work/data/random"
seq 500000 >"$work/data/folder/numbers"
ln -s numbers "$work/data/folder/link"
# Where nobody can listen the long commands only fail early, and their classes are missing.
home backup --dataset data "$work/data"
home backup --dataset data "$work/data"
home verify
home restore latest --target "$work/back"
home snapshots
home status
home key list
home --help
home config show
cat "$work"/classes-* | awk '!seen[$0]++' >"$work/classes"
[ "$(wc -l <"$work/classes")" -gt 1000 ] || { cat "$work/log"; exit 1; }
mv -f "$work/classes" "$out"
