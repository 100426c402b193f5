# shellcheck shell=bash disable=SC2154 # sourced by bench/accept, whose variables these are
# Sites and homes that are slow, stopped or full.

check_backpressure() {
  fresh $((port + 1)); receiver
  "$sago" bench relay --listen $((port + 1)) --to $port --rate 1250000 >>"$work/relay.log" 2>&1 & children+=($!)
  random_files "$work/data" 8 $((gb * 1000 / 4 / 8))
  for _ in $(seq 100); do grep -q ready "$work/relay.log" && break; sleep 0.1; done
  "$sago" backup --dataset data "$work/data" >"$work/backup.log" 2>&1 & local sender=$!; children+=("$sender")
  say "slowed to 4 connections of 1.25 MB/s:"
  for i in $(seq 6); do sleep 5; say "  $((i * 5)) s: memory $(rss_mib $sender) MiB, read $(read_mb $sender) MB, site holds $(site_mb) MB"; done
  local memory_slow; memory_slow=$(rss_mib $sender)
  kill -STOP "$receiver"
  sleep 30; local read_a; read_a=$(read_mb $sender)
  say "receiver stopped for 60 s:"; say "  30 s: memory $(rss_mib $sender) MiB, read $read_a MB"
  sleep 30; local read_b memory_stopped; read_b=$(read_mb $sender); memory_stopped=$(rss_mib $sender)
  say "  60 s: memory $memory_stopped MiB, read $read_b MB"
  kill -CONT "$receiver"
  check "backpressure: reading stands still while the receiver is stopped" [ $((read_b - read_a)) -le 2 ]
  check "backpressure: memory is flat" [ "$memory_stopped" -le $((memory_slow + 48)) ]
  sleep 15
  check "backpressure: the sender goes on" [ "$(read_mb $sender)" -gt "$read_b" ]
  check "backpressure: no error was printed" sh -c "! grep -qiE 'fault|error|exception' '$work/backup.log'"
  say "sender says:"; tail -2 "$work/backup.log"
  kill "$sender"; wait "$sender"; say "exit status after SIGTERM: $?"
}

check_site-full() {
  need rsync; fresh
  mkdir -p "$work/small"; mount -t tmpfs -o size=300m tmpfs "$work/small" || { say "SKIP site-full: cannot mount a tmpfs here (needs root)"; return; }
  mv "$work/site" "$work/small/site"; ln -s small/site "$work/site"; receiver
  random_files "$work/data" 5 100
  "$sago" backup --dataset data "$work/data" >"$work/backup.log" 2>&1 & local sender=$!; children+=("$sender")
  sleep 30; say "sender says:"; tail -1 "$work/backup.log"
  check "site-full: the sender waits and says so" grep -qi 'full' "$work/backup.log"
  check "site-full: the sender lives" kill -0 "$sender"
  check "site-full: the receiver lives" kill -0 "$receiver"
  mount -o remount,size=900m "$work/small"
  wait "$sender"; check "site-full: goes on when there is room" [ $? = 0 ]
  "$sago" restore latest --target "$work/restored" || fail "site-full: restore"
  check "site-full: rsync finds no difference" same "$work/data" "$work/restored"
  stop_all; umount "$work/small"
}

check_home-full() {
  need rsync python3; fresh; receiver
  mkdir -p "$work/small"; mount -t tmpfs -o size=200m tmpfs "$work/small" || { say "SKIP home-full: cannot mount a tmpfs here (needs root)"; return; }
  mv "$work/home" "$work/small/home"; export SAGO_HOME=$work/small/home
  mixed_files "$work/data" "$(awk "BEGIN {print $gb / 4}")"; sleep 3
  "$sago" backup --dataset data "$work/data" >"$work/backup.log" 2>&1 & local sender=$!; children+=("$sender")
  wait_for_site_mb 50; dd if=/dev/zero of="$work/small/filler" bs=4k 2>/dev/null
  say "  $(df --output=avail -B1 "$work/small" | tail -1) bytes are left at home when the site holds $(site_mb) MB"
  check "home-full: the sender waits and says so" wait_for_line "$work/backup.log" 'home disk is full' 60
  sleep 10; tail -n 1 "$work/backup.log" | sed 's/^/  /'
  check "home-full: the sender lives" kill -0 "$sender"
  mount -o remount,size=900m "$work/small"
  wait "$sender"; local status=$?; tail -n 3 "$work/backup.log"
  check "home-full: goes on when there is room, exit 0" [ $status = 0 ]
  check "home-full: no SIGBUS" sh -c "! ls '$work'/hs_err* '$top'/hs_err* hs_err* 2>/dev/null | grep -q ."
  check "home-full: no stack trace" sh -c "! grep -qE '^\s+at |SIGBUS' '$work/backup.log'"
  "$sago" restore latest --target "$work/restored" >>"$work/log" 2>&1 || fail "home-full: restore"
  check "home-full: rsync finds no difference" same "$work/data" "$work/restored"
  stop_all; export SAGO_HOME=$work/home; umount "$work/small"
}
