# shellcheck shell=bash disable=SC2154 # sourced by bench/accept, whose variables these are
# Where packets go.

traced() { # name, command…
  local name=$1; shift
  strace -f -qq --seccomp-bpf -e trace=connect,sendto,sendmsg,sendmmsg -o "$work/net-$name" "$@" >>"$work/log" 2>&1 || fail "no-egress: $name"
}

check_no-egress() {
  need strace; fresh
  strace -f -qq --seccomp-bpf -e trace=connect,sendto,sendmsg,sendmmsg -o "$work/net-receiver" "$sago" receiver run --dir "$work/site" >"$work/receiver.log" 2>&1 & local tracer=$!
  children+=("$tracer")
  for _ in $(seq 100); do grep -q ready "$work/receiver.log" && break; sleep 0.1; done
  random_files "$work/data" 4 20; cp -a /usr/share/doc/b* "$work/data/"
  traced backup "$sago" backup --dataset data "$work/data"
  traced again "$sago" backup --dataset data "$work/data"
  traced verify "$sago" verify --read-data
  traced restore "$sago" restore latest --target "$work/restored"
  traced recover "$sago" recover --kit "$work/kit" --address 127.0.0.1:$port --home "$work/recovered"
  local name found
  kill "$(cut -d' ' -f1 "/proc/$tracer/task/$tracer/children")"; wait "$tracer" # a tracer that is ended leaves what it traced
  for name in receiver backup again verify restore recover; do
    # Netlink and local sockets stay on this machine; whatever names an internet address is looked at.
    found=$(grep -hoE 'sa_family=AF_INET6?.*' "$work/net-$name" | grep -oE 'sin6?_port=htons\([0-9]+\)|inet_addr\("[^"]*"\)|inet_pton\(AF_INET6, "[^"]*"' | paste -sd ' \n' | grep . | sort | uniq -c)
    say "  $name:"; [ -z "$found" ] && say "    (connects nowhere)" || printf '%s\n' "$found" | sed 's/^/  /'
    check "no-egress: $name reaches nothing but the site" sh -c "! printf '%s\n' \"\$1\" | grep . | grep -vE 'htons\($port\) .*\"(::ffff:)?127\.0\.0\.1\"' | grep -q ." sh "$found"
  done
  check "no-egress: strace saw the backup" grep -q "htons($port)" "$work/net-backup"
  for name in sender receiver; do
    check "no-egress: no analytics in the $name's distribution" sh -c "! ls '$top/$name/target/lib' | grep -qi analytics"
  done
}
