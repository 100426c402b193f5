# shellcheck shell=bash disable=SC2154 # sourced by bench/accept, whose variables these are
# Restores that are killed.

# Of every regular file that bears its final name and time: what would change if it were written again.
finished_files() { # source, copy, list
  python3 - "$1" "$2" "$3" <<'P'
import os, sys
source, copy, out = sys.argv[1:4]
with open(out, "w", errors="surrogateescape") as f:
    for folder, _, files in os.walk(copy):
        for name in files:
            path = os.path.join(folder, name); at = os.lstat(path)
            try: original = os.lstat(source + path[len(copy):])
            except FileNotFoundError: continue
            if (at.st_size, at.st_mtime_ns, at.st_mode, at.st_uid) == (original.st_size, original.st_mtime_ns, original.st_mode, original.st_uid):
                f.write(f"{path!r} {at.st_ino} {at.st_mtime_ns} {at.st_ctime_ns}\n")
P
}

check_restore-killed() {
  need rsync python3; local seed=${SEED:-$RANDOM} kills_wanted=${RESTORE_KILLS:-20} done=0 rounds=1 rewritten=0 restorer status span before after lost
  RANDOM=$seed; fresh; receiver
  mixed_files "$work/data" "$(awk "BEGIN {print $gb / 4}")"; sleep 3
  "$sago" backup --dataset data "$work/data" >"$work/backup.log" 2>&1 || fail "restore-killed: backup"
  local start; start=$(date +%s%N); "$sago" restore latest --target "$work/whole" >"$work/restore.log" 2>&1 || fail "restore-killed: a restore that nobody kills"
  span=$((($(date +%s%N) - start) / 1000000)); rm -rf "$work/whole"
  say "restore-killed: seed $seed, $(du -s --block-size=1000000 "$work/data" | cut -f1) MB in $(find "$work/data" -type f | wc -l) files; whole in $span ms, $kills_wanted kills"
  : > "$work/finished-before"
  while [ $done -lt "$kills_wanted" ]; do
    "$sago" restore latest --target "$work/restored" >"$work/restore.log" 2>&1 & restorer=$!; children+=("$restorer")
    sleep "$(awk "BEGIN {printf \"%.2f\", $span / 1000 * (0.25 + 0.5 * ($RANDOM % 1000) / 1000)}")"
    if kill -9 "$restorer" 2>/dev/null; then
      wait "$restorer" 2>/dev/null; done=$((done + 1))
    else # it was ready: from the beginning
      wait "$restorer"; status=$?; [ $status = 0 ] || { fail "restore-killed: a run ended with $status by itself"; tail -3 "$work/restore.log"; return; }
      finished_files "$work/data" "$work/restored$work/data" "$work/finished-after"
      lost=$(sort "$work/finished-after" | comm -23 <(sort "$work/finished-before") - | wc -l); rewritten=$((rewritten + lost))
      check "restore-killed: round $rounds ends equal" same "$work/data" "$work/restored"
      rm -rf "$work/restored"; rounds=$((rounds + 1)); : > "$work/finished-before"; continue
    fi
    finished_files "$work/data" "$work/restored$work/data" "$work/finished-after"
    before=$(wc -l < "$work/finished-before"); after=$(wc -l < "$work/finished-after")
    lost=$(sort "$work/finished-after" | comm -23 <(sort "$work/finished-before") - | wc -l); rewritten=$((rewritten + lost))
    [ "$lost" = 0 ] || { say "  run $done: of $before finished files $lost are no longer as they were, for example"; comm -23 <(sort "$work/finished-before") <(sort "$work/finished-after") | head -n 2; }
    say "  kill $done: $after files finished"
    [ "$after" = 0 ] || mv "$work/finished-after" "$work/finished-before"
  done
  say "  $rounds rounds; before the last run $(wc -l < "$work/finished-before") files were finished"
  "$sago" restore latest --target "$work/restored" >"$work/restore.log" 2>&1; status=$?; tail -n 2 "$work/restore.log"
  check "restore-killed: the same command ends well" [ $status = 0 ]
  finished_files "$work/data" "$work/restored$work/data" "$work/finished-after"
  lost=$(comm -23 <(sort "$work/finished-before") <(sort "$work/finished-after") | wc -l); rewritten=$((rewritten + lost))
  check "restore-killed: no finished file was rewritten ($rewritten in all)" [ "$rewritten" = 0 ]
  check "restore-killed: rsync finds no difference" same "$work/data" "$work/restored"
  check "restore-killed: nothing is left over" [ -z "$(find "$work/restored" -name '.sago-*' | head -n 1)" ]
}
