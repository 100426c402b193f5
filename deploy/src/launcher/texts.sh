#!/usr/bin/env bash
# texts.sh FOLDER VERSION: what the distributions hold beside jars, made by running the packaged jars of this checkout: the class list of the commands of home,
# shell completions, man pages (plain, and compressed for Debian), Debian's changelog. Same input, same bytes.
set -eu
out=$1 version=$2
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
java=${JAVA_HOME:+$JAVA_HOME/bin/java}
[ -x "$java" ] || java=$(command -v java)
export LC_ALL=C.UTF-8 SAGO_CONFIG=$out/sago.yaml
rm -rf "$out"
mkdir -p "$out"/completions "$out"/man/{sago,sago-receiver} "$top/target"
echo 'version: 1' >"$SAGO_CONFIG"
run() { # module, main class, arguments
  local jars=("$top/$1/target/sago-$1-"*.jar "$top/$1/target/lib"/*.jar)
  "$java" -Xmx160m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$(IFS=:; echo "${jars[*]}")" "${@:2}" </dev/null
}

home=sago.sender.cli.SagoMain
site=sago.receiver.cli.ReceiverMain
run sender $home manual --out "$out/man/sago" >/dev/null
run receiver $site manual --out "$out/man/sago-receiver" >/dev/null
run sender $home completion bash >"$out/completions/sago.bash"
run sender $home completion fish >"$out/completions/sago.fish"
run sender $home completion zsh >"$out/completions/sago.zsh"

"$top/deploy/src/launcher/class-list.sh" "$out/classes"
# The first line tells builds apart: archives made of this list are named after it.
{ echo "# $(cat "$top"/sender/target/sago-sender-*.jar "$top"/sender/target/lib/*.jar | sha256sum | cut -d' ' -f1)"; cat "$out/classes"; } >"$out/home.classes"
cp "$out/classes" "$top/target/home.classes"

# /usr/share of the Debian packages.
for package in sago sago-receiver; do
  share=$out/share/$package
  mkdir -p "$share"/{man/man1,lintian/overrides,"doc/$package"}
  for page in "$out/man/$package"/*.1; do
    [ -f "$page" ] && gzip -9nc "$page" >"$share/man/man1/${page##*/}.gz"
  done
  [ $package = sago ] && {
    install -D -m 644 "$out/completions/sago.bash" "$share/bash-completion/completions/sago"
    install -D -m 644 "$out/completions/sago.fish" "$share/fish/vendor_completions.d/sago.fish"
  }
  sed "s/@package@/$package/; s/@version@/$version/" "$top/deploy/src/deb/changelog" | gzip -9nc >"$share/doc/$package/changelog.gz"
  cp "$top/deploy/src/deb/copyright" "$share/doc/$package/copyright"
  cp "$top/deploy/src/deb/$package/lintian-overrides" "$share/lintian/overrides/$package"
done
