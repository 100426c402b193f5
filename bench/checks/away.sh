# shellcheck shell=bash disable=SC2154 # sourced by bench/accept, whose variables these are
# Links and sites that are away for a while, and others that want the same thing at the same time.

# Takes the rest of a backup away from $sender as the caller does it, and looks at what it read and said.
outage() { # what, command that begins it, command that ends it
  local what=$1 begin=$2 over=$3 read_before read_at_end
  wait_for_site_mb $((gb * 1000 / 8)) || fail "away: nothing arrives at the site"
  eval "$begin"; sleep 5; read_before=$(read_mb "$sender")
  say "  $what, away for $away s, read so far $read_before MB; the sender says:"
  sleep $((away - 5)); read_at_end=$(read_mb "$sender"); tail -n 1 "$work/backup.log" | sed 's/^/  /'
  check "away: $what: the source is not read meanwhile, but for what fits the window" [ $((read_at_end - read_before)) -le $window_mb ]
  check "away: $what: memory stays bounded" at_most "MiB" "$(peak_mib "$sender")" 672
  eval "$over"
  ( while kill -0 "$sender" 2>/dev/null; do read_mb "$sender" > "$work/rchar.new" && mv "$work/rchar.new" "$work/rchar"; sleep 0.1; done ) & local watch=$!
  wait "$sender"; local status=$?; wait $watch
  tail -n 3 "$work/backup.log"
  check "away: $what: exit 0" [ $status = 0 ]
  check "away: $what: resent at most one window" at_most "resent bytes" "$(resent_bytes "$work/backup.log")" $((window_mb * 1000000))
  check "away: $what: nothing was read twice" at_most "MB read by the process in all, its own classes among them" "$(cat "$work/rchar")" $((gb * 1000 / 4 + 120))
}

check_away() {
  need rsync
  local sender
  for how in link receiver; do
    fresh $((port + 1)); receiver; relay 7500000
    random_files "$work/data" 8 $((gb * 1000 / 4 / 8))
    "$sago" backup --dataset data "$work/data" >"$work/backup.log" 2>&1 & sender=$!; children+=("$sender")
    if [ $how = link ]; then
      outage "the link" 'end_child $relay KILL' 'relay 50000000'
      check "away: the link: one line says that the site is away" grep -qi 'away' "$work/backup.log"
    else
      outage "the receiver stopped" 'kill -STOP $receiver' 'kill -CONT $receiver; end_child $relay KILL; relay 50000000'
    fi
    "$sago" restore latest --target "$work/restored" >>"$work/log" 2>&1 || fail "away: restore"
    check "away: $how: rsync finds no difference" same "$work/data" "$work/restored"
    "$sago" verify --read-data >>"$work/log" 2>&1; check "away: $how: verify --read-data" [ $? = 0 ]
  done
}

check_give-up() {
  need rsync; fresh $((port + 1)); receiver; relay 7500000
  random_files "$work/data" 8 $((gb * 1000 / 4 / 8)); sleep 3
  "$sago" backup --dataset data --give-up-after 20s "$work/data" >"$work/backup.log" 2>&1 & local sender=$! began; children+=("$sender")
  wait_for_site_mb $((gb * 1000 / 8)); end_child "$relay" KILL; began=$SECONDS
  wait "$sender"; local status=$?; tail -n 2 "$work/backup.log"
  check "give-up: exit 20" [ $status = 20 ]
  check "give-up: after 20 s" at_most "seconds" $((SECONDS - began)) 35
  "$sago" status | sed 's/^/  /'
  check "give-up: status shows the checkpoint" sh -c "'$sago' status | grep -qi checkpoint"
  local held; held=$(site_mb); relay 50000000
  "$sago" backup --dataset data "$work/data" 2>&1 | tail -n 4
  check "give-up: the next run goes on" at_most "MB at the site (it held $held)" "$(site_mb)" $((gb * 1000 / 4 + window_mb))
  "$sago" restore latest --target "$work/restored" >>"$work/log" 2>&1 || fail "give-up: restore"
  check "give-up: rsync finds no difference" same "$work/data" "$work/restored"
  relay=; stop_all
}

check_locks() {
  need rsync; fresh $((port + 1)); receiver; relay 5000000
  random_files "$work/data" 8 $((gb * 1000 / 4 / 8)); random_files "$work/other" 4 5
  "$sago" backup --dataset other "$work/other" >>"$work/log" 2>&1 || fail "locks: first backup of the other dataset"
  head -c 5000000 /dev/urandom > "$work/other/more"
  "$sago" backup --dataset data "$work/data" >"$work/backup.log" 2>&1 & local sender=$!; children+=("$sender")
  wait_for_site_mb 60
  expect 11 "a second backup of the same dataset at once" "$sago" backup --dataset data "$work/data"
  expect 11 "a second receiver on the same folder" "$sago" receiver run --dir "$work/site"
  expect 0 "a backup of another dataset at the same time" "$sago" backup --dataset other "$work/other"
  expect 0 "a restore during a backup" "$sago" restore latest --dataset other --target "$work/restored"
  check "locks: what was restored meanwhile is right" same "$work/other" "$work/restored"
  check "locks: the first backup still runs" kill -0 "$sender"
  wait "$sender"; check "locks: the first backup ends with 0" [ $? = 0 ]
}
