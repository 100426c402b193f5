# shellcheck shell=bash disable=SC2154 # sourced by bench/accept, whose variables these are
# Processes that end where they must not.

check_receiver-killed() {
  need rsync; fresh; receiver
  random_files "$work/data" 8 $((gb * 1000 / 4 / 8))
  "$sago" backup --dataset data "$work/data" >"$work/backup.log" 2>&1 & local sender=$!; children+=("$sender")
  wait_for_site_mb $((gb * 1000 / 12)); kill -9 "$receiver"; say "receiver killed at $(site_mb) MB"; sleep 3; receiver
  wait "$sender"; local status=$?; tail -2 "$work/backup.log"
  check "receiver-killed: the same sender ends well" [ $status = 0 ]
  "$sago" restore latest --target "$work/restored" || fail "receiver-killed: restore"
  check "receiver-killed: rsync finds no difference" same "$work/data" "$work/restored"
  "$sago" verify --read-data || fail "receiver-killed: verify"
}

check_sender-killed() {
  need rsync; fresh; receiver
  random_files "$work/data" 8 $((gb * 1000 / 4 / 8))
  "$sago" backup --dataset data "$work/data" >"$work/backup.log" 2>&1 & local sender=$!
  wait_for_site_mb $((gb * 1000 / 8)); kill -9 "$sender"; wait "$sender" 2>/dev/null
  say "sender killed when the site held $(site_mb) MB"
  "$sago" backup --dataset data "$work/data" || fail "sender-killed: second run"
  local all=$((gb * 1000 / 4 / 8 * 8)) held; held=$(site_mb)
  say "the site holds $held MB of $all MB of data"
  check "sender-killed: durable packs are not sent again (at most two windows of 201 MB more)" [ "$held" -le $((all + 403)) ]
  "$sago" restore latest --target "$work/restored" || fail "sender-killed: restore"
  check "sender-killed: rsync finds no difference" same "$work/data" "$work/restored"
}

# What walk order and the opened files of each run say together: `kills` writes opened-<round>-<run> in the order of runs.
files_opened_again() { # folder, round
  python3 - "$1" "$2" "$work" <<'P'
import glob, os, re, sys
top, number, work = sys.argv[1:4]
# Each worker holds one item of at most 128 files; further below the last opened file, one that was not opened was known to be finished.
AHEAD = 128 * ((os.cpu_count() or 1) + 1)
order = sorted((os.path.join(d, f) for d, _, fs in os.walk(top) for f in fs), key=lambda p: p.encode().split(b"/"))
place = {path: i for i, path in enumerate(order)}
runs = []
for name in sorted(glob.glob(f"{work}/opened-{number}-*"), key=lambda n: int(n.rsplit("-", 1)[1])):
    opened = set()
    for line in open(name, errors="surrogateescape"):
        found = re.search(r'openat\(.*?"([^"]*)"', line)
        if found and found.group(1) in place:
            opened.add(found.group(1))
    runs.append(opened)
again, finished, most = set(), set(), {}
for opened in runs:
    again |= finished & opened
    if opened:
        last = max(place[p] for p in opened)
        finished |= {p for p in order[:max(0, last - AHEAD)] if p not in opened}
    for p in opened: most[p] = most.get(p, 0) + 1
print(f"  {len(runs)} runs over {len(order)} files: opened {[len(r) for r in runs]}, known as finished in some run {len(finished)}, "
      f"most openings of one file {max(most.values(), default=0)}")
for p in sorted(again)[:5]: print(f"  opened after it was finished: {p}")
sys.exit(1 if again else 0)
P
}

# Two fifths of the files get other bytes, so that the next round has something to do.
change_some() {
  find "$1" -type f | sort | awk 'NR % 5 < 2' | while read -r file; do head -c "$(stat -c %s "$file")" /dev/urandom > "$file.new" && mv "$file.new" "$file"; done
}

# The run's own numbers are not asked for what is counted here: openings come from strace, sent bytes from the relay between the two.
traced_backup() {
  run=$((run + 1)); killed_in_run=0; at_start=$(relay_bytes)
  strace -f -qq --seccomp-bpf -e trace=openat -o "$work/opened-$round-$run" "$sago" backup --dataset data "$work/data" >"$work/backup-$round-$run.log" 2>&1 & tracer=$!
  children+=("$tracer")
}
traced_child() { local child; child=$(cat "/proc/$tracer/task/$tracer/children" 2>/dev/null); echo "${child%% *}"; }

check_kills() {
  need rsync strace python3
  local seed=${SEED:-$RANDOM} done=0 round=1 run=0 of_sender=0 of_receiver=0 changed_mb=0 killed_in_run=0 tracer sender status at_start
  RANDOM=$seed; fresh $((port + 1)); receiver
  # So slow that most kills fall into the first rounds, yet a window passes between two of them.
  local rate=$(awk "BEGIN {printf \"%.0f\", $gb * 1e9 / ($kills * 3) / 4}"); relay "$rate"
  mixed_files "$work/data" "$gb"; sleep 3
  local data_mb; data_mb=$(du -s --block-size=1000000 "$work/data" | cut -f1)
  say "kills: seed $seed, $data_mb MB in $(find "$work/data" -type f | wc -l) files, $kills kills over a link of 4 x $((rate / 1000)) kB/s"
  traced_backup
  while [ $done -lt "$kills" ]; do
    # Two of three kills come after the run has begun to send, where there is most to lose; the others whenever they come.
    [ $(((RANDOM >> 5) % 3)) = 0 ] || for _ in $(seq 200); do { [ "$(relay_bytes)" = "$at_start" ] && kill -0 "$tracer" 2>/dev/null; } || break; sleep 0.1; done
    sleep "$(((RANDOM >> 4) % 11)).$(((RANDOM >> 4) % 10))"
    if ! kill -0 "$tracer" 2>/dev/null; then
      wait "$tracer"; status=$?
      # A receiver that was killed before the session was open is a site that is not there: the run says so at once.
      [ $status = 5 ] && { say "  run $round-$run found no receiver and ended with 5"; traced_backup; continue; }
      [ $status = 0 ] || { fail "kills: run $round-$run ended with $status by itself"; tail -3 "$work/backup-$round-$run.log"; return; }
      check "kills: round $round re-opened no finished file" files_opened_again "$work/data" $round
      change_some "$work/data"; changed_mb=$((changed_mb + data_mb / 2)); sleep 3
      round=$((round + 1)); run=0; traced_backup
    elif [ $((RANDOM >> 5 & 1)) = 0 ]; then
      sender=$(traced_child); [ -n "$sender" ] && kill -9 "$sender" 2>/dev/null || continue
      wait "$tracer" 2>/dev/null; done=$((done + 1)); of_sender=$((of_sender + 1)); traced_backup
    else
      kill -9 "$receiver"; wait "$receiver" 2>/dev/null; done=$((done + 1)); of_receiver=$((of_receiver + 1)); killed_in_run=$((killed_in_run + 1)); sleep "0.$(((RANDOM >> 4) % 10))"; receiver
    fi
  done
  say "  killed: sender $of_sender, receiver $of_receiver times; now to the end, with a checkpoint that says:"
  "$sago" status | sed 's/^/  /' | head -3
  wait "$tracer"; status=$?; [ $status = 20 -o $status = 5 ] && { traced_backup; wait "$tracer"; status=$?; }
  tail -4 "$work/backup-$round-$run.log"
  check "kills: the same command ends well" [ $status = 0 ]
  check "kills: round $round re-opened no finished file" files_opened_again "$work/data" $round
  check "kills: the last run resent at most one window for each kill that it saw" at_most "resent bytes" "$(resent_bytes "$work/backup-$round-$run.log")" $((window_mb * 1000000 * (killed_in_run + 1)))
  sleep 1.5
  local wire_mb=$(($(relay_bytes) / 1000000)) held; held=$(site_mb)
  check "kills: sent in all at most the data and a window for each kill" at_most "MB over the link" $wire_mb $((data_mb + changed_mb + (kills + 1) * window_mb + data_mb / 50))
  check "kills: packs at the site at most the data and a window for each kill" at_most "MB at the site" "$held" $((data_mb + changed_mb + (kills + 1) * window_mb))
  "$sago" restore latest --target "$work/restored" >"$work/restore.log" 2>&1 || { fail "kills: restore"; tail -3 "$work/restore.log"; }
  check "kills: rsync finds no difference" same "$work/data" "$work/restored"
  "$sago" verify --read-data; check "kills: verify --read-data" [ $? = 0 ]
}
