# shellcheck shell=bash disable=SC2154 # sourced by bench/accept, whose variables these are
# What a backup and its restore are at all: a real tree, any names, unchanged files, memory, a home without its vault, bad input.

check_tree() {
  need rsync; fresh; receiver
  say "tree: $tree, $(find "$tree" -xdev | wc -l) entries"
  time "$sago" backup --dataset tree "$tree" || { fail "tree: backup"; return; }
  local before; before=$(site_bytes)
  time "$sago" backup --dataset tree "$tree" || fail "tree: second backup"
  local grown=$(($(site_bytes) - before))
  say "the site grew by $grown bytes in the second run"
  check "tree: unchanged tree makes the site grow by less than 1 MiB" [ "$grown" -lt 1048576 ]
  time "$sago" restore latest --target "$work/restored" || { fail "tree: restore"; return; }
  check "tree: rsync finds no difference" same "$tree" "$work/restored"
  time "$sago" verify || fail "tree: verify"
  time "$sago" verify --read-data || fail "tree: verify --read-data"
}

check_names() {
  need rsync python3; fresh; receiver
  python3 - "$work/names" <<'P'
import os, sys
top = sys.argv[1].encode(); os.makedirs(top)
for b in range(1, 256):
    if b != 47:
        open(top + b"/byte-" + bytes([b]) + b"-end", "wb").write(bytes([b]) * b)
for name in (b"new\nline", b"quote'\"`$\\", b"\xff\xfe\x80", "\u53f2\u5eab".encode(), b"x" * 255, b" ", b"-rf", b"~"):
    open(top + b"/" + name, "wb").write(name)
os.mkdir(top + b"/folder-\xe9"); open(top + b"/folder-\xe9/\xc3", "wb").close()
os.symlink(b"\xff-nowhere\n", top + b"/link-\xfe")
P
  say "names: $(find "$work/names" | wc -l) lines of find for $(python3 -c "import os,sys; print(sum(len(d)+len(f) for _,d,f in os.walk(sys.argv[1].encode())))" "$work/names") entries"
  LC_ALL=C "$sago" backup --dataset names "$work/names" || fail "names: backup"
  LC_ALL=C "$sago" restore latest --target "$work/restored" || fail "names: restore"
  check "names: rsync finds no difference" same "$work/names" "$work/restored"
}

check_unchanged() {
  need strace; fresh; receiver
  mkdir -p "$work/data"; cp -a /usr/share/doc "$work/data/"; sleep 3
  "$sago" backup --dataset data "$work/data" || fail "unchanged: first backup"
  strace -f -qq -e trace=openat,open -o "$work/strace" "$sago" backup --dataset data "$work/data" || fail "unchanged: second backup"
  local opened=0 folders=0 path
  while read -r path; do # the JVM opens a folder to list it without saying O_DIRECTORY
    if [ -d "$path" ]; then folders=$((folders + 1)); else opened=$((opened + 1)); fi
  done < <(grep -oE "\"$work/data[^\"]*" "$work/strace" | cut -c2-)
  say "files opened by the second run: $opened; folders: $folders"
  [ "$folders" -gt 0 ] || fail "unchanged: strace saw nothing"
  check "unchanged: no file is opened" [ "$opened" = 0 ]
}

check_memory() {
  fresh; receiver
  random_files "$work/data" 20 $((gb * 1000 / 20 / 2)); 
  for i in $(seq 20); do yes "line $i of a log that compresses well, $RANDOM" | head -c $((gb * 1000000000 / 20 / 2)) > "$work/data/log-$i"; done
  "$sago" backup --dataset data "$work/data" >"$work/backup.log" 2>&1 & local sender=$! peak=0 now
  while kill -0 "$sender" 2>/dev/null; do now=$(peak_mib $sender); [ "${now:-0}" -gt "$peak" ] && peak=$now; sleep 0.2; done
  wait "$sender" || fail "memory: backup"; tail -2 "$work/backup.log"
  say "peak resident memory: sender $peak MiB, receiver $(peak_mib "$receiver") MiB (heap and direct memory are capped by the launcher; the rest is the JVM's own)"
  tr '\0' ' ' < "/proc/$receiver/cmdline" | grep -oE -e '-Xmx[^ ]+|-XX:MaxDirectMemorySize=[^ ]+' | tr '\n' ' '; say " (receiver)"
  check "memory: sender below 512 MiB + 160 MiB of JVM" [ "$peak" -le 672 ]
  check "memory: receiver below 256 MiB + 160 MiB of JVM" [ "$(peak_mib "$receiver")" -le 416 ]
}

check_no-vault() {
  fresh; receiver
  mkdir -p "$work/data"; cp -a /usr/share/doc/a* "$work/data/"
  "$sago" backup --dataset data "$work/data" >>"$work/log" 2>&1 || fail "no-vault: first backup"
  mv "$work/home/vault" "$work/vault-away"; mv "$SAGO_PASSPHRASE_FILE" "$work/passphrase-away"
  echo more > "$work/data/more"
  env -u SAGO_PASSPHRASE_FILE "$sago" backup --dataset data "$work/data"; check "no-vault: backup works" [ $? = 0 ]
  env -u SAGO_PASSPHRASE_FILE "$sago" restore latest --target "$work/restored" </dev/null; local status=$?
  check "no-vault: restore exits 10 or 12" [ $status = 10 -o $status = 12 ]
  mv "$work/vault-away" "$work/home/vault"; mv "$work/passphrase-away" "$SAGO_PASSPHRASE_FILE"
  "$sago" restore latest --target "$work/restored"; check "no-vault: with the vault back, restore works" [ $? = 0 ]
}

check_bad-input() {
  fresh; receiver
  mkdir -p "$work/data"; cp -a /usr/share/doc/b* "$work/data/"
  "$sago" backup --dataset data "$work/data" >>"$work/log" 2>&1 || fail "bad-input: backup"
  echo wrong > "$work/wrong"
  expect 12 "a wrong passphrase" "$sago" restore latest --target "$work/r" --passphrase-file "$work/wrong"
  sed '2s/^[a-z]*/abandonned/' "$work/kit" > "$work/kit-damaged"; sed '2s/^[a-z]*/zoo/' "$work/kit" > "$work/kit-other"
  expect 12 "a kit word that is none" env -u SAGO_PASSPHRASE_FILE "$sago" ls latest --kit "$work/kit-damaged"
  expect 12 "a kit word that is another" env -u SAGO_PASSPHRASE_FILE "$sago" ls latest --kit "$work/kit-other"
  expect 0 "the kit instead of a passphrase" env -u SAGO_PASSPHRASE_FILE "$sago" ls latest --kit "$work/kit"
  expect 18 "an unknown snapshot" "$sago" restore 0123456789ab --target "$work/r"
  expect 18 "a path that is not in the snapshot" "$sago" restore latest --include /no/such --target "$work/r"
  expect 2 "an unknown flag" "$sago" backup --no-such-flag
  expect 10 "a home without a vault" "$sago" restore latest --home "$work/none" --target "$work/r"
  expect 2 "a damaged request" "$sago" site add sago-req1:AAAA --address 127.0.0.1:1 --yes
  head -c 100000 /dev/urandom | timeout 5 bash -c "cat > /dev/tcp/127.0.0.1/$port" 2>/dev/null
  printf 'GET / HTTP/1.1\r\n\r\n' | timeout 5 bash -c "cat > /dev/tcp/127.0.0.1/$port" 2>/dev/null
  expect 0 "a backup after garbage on the port" "$sago" backup --dataset data "$work/data"
  kill "$receiver"; wait "$receiver"; check "bad-input: SIGTERM ends the receiver with 0" [ $? = 0 ]
  expect 5 "an unreachable site" "$sago" backup --dataset data "$work/data"
  receiver; expect 0 "a verify after all that" "$sago" verify --read-data
}

# How long a person waits for an answer: medians of 20, at a priority that keeps other work away.
check_short-commands() {
  need python3 chrt; fresh; receiver; local i
  mkdir -p "$work/data"; for i in $(seq 5); do echo "$i" > "$work/data/$i"; "$sago" backup --dataset data "$work/data" >>"$work/log" 2>&1 || fail "short-commands: backup"; done
  check "short-commands: snapshots takes 0.35 s at most" chrt -f 20 python3 - "$sago" <<'P'
import statistics, subprocess, sys, time
def median(*arguments):
    took = []
    for _ in range(21):
        start = time.monotonic(); subprocess.run([sys.argv[1], *arguments], stdout=subprocess.DEVNULL, check=True); took.append(time.monotonic() - start)
    return statistics.median(took[1:]) # the first may make the archive
for arguments in (["snapshots"], ["status"], ["--help"]):
    print(f"  sago {' '.join(arguments)}: {median(*arguments):.3f} s")
sys.exit(median("snapshots") > 0.35)
P
}
