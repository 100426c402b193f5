# shellcheck shell=bash disable=SC2154 # sourced by bench/accept, whose variables these are
# A year of daily snapshots, a policy, and restic as the judge of what it keeps. Needs restic (apt-get install restic).

tree_digest() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1); }

# What a day does to the tree: a new file, one that is rewritten, one that grows, and an old one goes.
live_a_day() { # folder, day, days that a file lives
  head -c 300000 /dev/urandom > "$1/day-$2"
  head -c 400000 /dev/urandom > "$1/rewritten-$(($2 % 5))"
  echo "day $2 happened" >> "$1/log"
  rm -f "$1/day-$(($2 - $3))"
}

check_retention() {
  need restic python3; fresh; receiver --grace 1s; local days=${DAYS:-365} day at seed=${SEED:-$RANDOM} before after lost
  # Rules that the days can fulfil: what is kept where they cannot is not the same in all releases of restic.
  local policy=(--keep-last 2 --keep-hourly 3 --keep-daily $((days < 120 ? 4 : 7)) --keep-weekly $((days < 120 ? 2 : 5)) --keep-monthly $((days < 120 ? 1 : 12)) --keep-yearly $((days < 120 ? 1 : 2)) --keep-within $((days < 120 ? 3 : 12))d)
  export TZ=UTC RESTIC_PASSWORD=known RESTIC_REPOSITORY=$work/restic
  RANDOM=$seed; mkdir -p "$work/data" "$work/small"; echo x > "$work/small/x"; : > "$work/digests"
  restic init -q || { fail "retention: restic"; return; }
  for i in 0 1 2 3 4; do head -c 400000 /dev/urandom > "$work/data/rewritten-$i"; done
  say "retention: seed $seed, $days days, policy ${policy[*]}"
  for day in $(seq "$days"); do
    live_a_day "$work/data" "$day" $((days < 120 ? days / 4 : 30))
    at=$(date -u -d "2024-11-20 +$day days $((RANDOM % 24)) hours $((RANDOM % 60)) minutes" '+%Y-%m-%d %H:%M:00')
    "$sago" backup --dataset data --time "$at" "$work/data" >"$work/backup.log" 2>&1 || { fail "retention: backup of day $day"; tail -3 "$work/backup.log"; return; }
    restic backup -q --time "$at" "$work/small" || { fail "retention: restic backup"; return; }
    echo "${at:0:10}T${at:11:5}Z $(tree_digest "$work/data")" >> "$work/digests"
    echo $RANDOM > "$work/small/x"
  done
  times() { "$sago" snapshots | grep -oE '20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z' | sort -u; }
  check "retention: all $days are there" [ "$(times | wc -l)" = "$days" ]
  before=$(site_mb)
  expect 17 "forget before anything was verified" "$sago" forget --dataset data --minimum-age 1s "${policy[@]}"
  check "retention: verify" "$sago" verify --dataset data
  expect 0 "forget of what is all younger than the minimum age of a day" "$sago" forget --dataset data "${policy[@]}"
  check "retention: and forgets nothing" [ "$(times | wc -l)" = "$days" ]
  expect 2 "forget without a rule" "$sago" forget --dataset data
  "$sago" forget --dataset data --minimum-age 1s "${policy[@]}" --dry-run >"$work/dry.log" 2>&1; check "retention: a dry run exits 0" [ $? = 0 ]
  check "retention: it changes nothing" [ "$(times | wc -l)" = "$days" ]
  "$sago" forget --dataset data --minimum-age 1s "${policy[@]}" >"$work/forget.log" 2>&1; check "retention: forget exits 0" [ $? = 0 ]; tail -n 3 "$work/forget.log"
  restic forget -q "${policy[@]}" >"$work/restic.log" 2>&1 || fail "retention: restic forget"
  restic snapshots --json | python3 -c 'import json,sys; [print(s["time"][:16] + "Z") for s in json.load(sys.stdin)]' | sort -u > "$work/restic-keeps"; times > "$work/sago-keeps"
  say "  restic keeps $(wc -l < "$work/restic-keeps"), Sago $(wc -l < "$work/sago-keeps")"; diff "$work/restic-keeps" "$work/sago-keeps" | head -n 5
  check "retention: what stays is what restic keeps" cmp "$work/restic-keeps" "$work/sago-keeps"
  # The next backup drops what only expired snapshots had, and the site lets go of it.
  at=$(date -u -d "2024-11-21 +$days days" '+%Y-%m-%d %H:%M:00')
  sleep 2; "$sago" backup --dataset data --time "$at" "$work/data" >"$work/backup.log" 2>&1 || fail "retention: a backup after forget"
  for _ in $(seq 30); do after=$(site_mb); [ "$after" -le $((before * 2 / 3)) ] && break; sleep 1; done
  say "  packs at the site: $before MB before, $after MB after; what stays has $(du -s --block-size=1000000 "$work/data" | cut -f1) MB in its newest snapshot"
  check "retention: the site's disk use falls by a third at least" [ "$after" -le $((before * 2 / 3)) ]
  lost=0
  "$sago" snapshots | while read -r id at _; do
    grep -q "^$at " "$work/digests" || continue
    "$sago" restore "$id:$work/data" --target "$work/back" >"$work/restore.log" 2>&1 || { echo "  $id of $at does not restore: $(tail -n 1 "$work/restore.log")"; continue; }
    grep -q "^$at $(tree_digest "$work/back")" "$work/digests" && echo good || echo "  $id of $at is not what it was"
    rm -rf "$work/back"
  done > "$work/restores"
  grep -v good "$work/restores" | head -n 5
  check "retention: everything that stays restores as it was ($(grep -c good "$work/restores"))" [ "$(grep -c good "$work/restores")" = "$(wc -l < "$work/restic-keeps")" ]
  check "retention: verify --read-data" "$sago" verify --dataset data --read-data
  day=$(times | wc -l)
  expect 0 "forget with a rule that keeps all of them" "$sago" forget --dataset data --minimum-age 1s --keep-last 1000
  check "retention: and it keeps all of them" [ "$(times | wc -l)" = "$day" ]
  end_child "$receiver" TERM; receiver --grace 1s
  check "retention: after a restart of the site, verify again" "$sago" verify --dataset data --read-data
  unset TZ RESTIC_PASSWORD RESTIC_REPOSITORY
}
