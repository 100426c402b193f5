# shellcheck shell=bash disable=SC2154 # sourced by bench/accept, whose variables these are
# What Linux stores: everything in, everything out, judged by rsync; files that move while they are read; a folder of a million entries.

# A foreign judge: every kind of entry, owners, times to the nanosecond, hard links, ACLs, extended attributes, contents.
judge() { # source, copy, further options of rsync
  local differences source=$1 copy=$2; shift 2
  differences=$(LC_ALL=C rsync -aHAXSn --checksum --modify-window=-1 --itemize-changes --delete "$@" "$source/" "$copy/" 2>&1) || { say "rsync: $differences" | head -5; return 1; }
  [ -z "$differences" ] || { say "$differences" | head -10; return 1; }
}

# A folder `main` of all that is nasty, and a folder `sparse` with one file of many holes.
nasty_folder() { # folder, GiB of the sparse file
  python3 - "$1" "$2" <<'P'
import os, random, socket, stat, subprocess, sys, time
top, gib = sys.argv[1].encode(), int(sys.argv[2])
main, sparse = top + b"/main", top + b"/sparse"
os.makedirs(main); os.makedirs(sparse)
def write(path, content=b"x"):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f: f.write(content)
    return path
# Names.
for b in range(1, 256):
    if b != 47: write(main + b"/names/byte-" + bytes([b]) + b"-end", bytes([b]) * b)
for name in (b"new\nline", b"two\n\nlines\n", b"quote'\"`$\\", b"\xff\xfe\x80", "\u53f2\u5eab".encode(), b"x" * 255, b"\xc3" * 255, b" ", b"  x ", b"-rf", b"~", b"#x", b"*", b"[a]", b"a:b", b"...", b"\x1b[31m", b"%00", b"CON"):
    write(main + b"/names/" + name, name)
os.mkdir(main + b"/names/folder-\xe9\n"); write(main + b"/names/folder-\xe9\n/\xc3", b"")
os.symlink(b"\xff-nowhere\n", main + b"/names/link-\xfe"); os.symlink(b"t" * 4000, main + b"/names/link-long"); os.symlink(b"/etc/passwd", main + b"/names/link-absolute")
# Depth: a path of some 3,000 bytes, and 700 folders in one another.
deep = main + b"/deep"
for i in range(13): deep += b"/" + bytes([97 + i]) * 200
write(deep + b"/bottom", b"deep")
deep = main + b"/deeper"
for i in range(700): deep += b"/d"
write(deep + b"/bottom", b"deeper")
# Holes: only holes; at the start, in the middle, at the end; many.
def holes(path, size, data):
    with open(path, "wb") as f:
        for offset, content in data: f.seek(offset); f.write(content)
        f.truncate(size)
os.mkdir(main + b"/holes")
holes(main + b"/holes/only", 64 << 20, [])
holes(main + b"/holes/odd-length", (64 << 20) + 12345, [])
holes(main + b"/holes/start", 32 << 20, [((32 << 20) - 5, b"tail!")])
holes(main + b"/holes/end", 32 << 20, [(0, b"head!")])
holes(main + b"/holes/many", 200 << 20, [(i << 18, os.urandom(4096)) for i in range(0, 800, 2)])
holes(main + b"/holes/preallocated-like-zeros", 1 << 20, [(0, bytes(1 << 20))])
holes(sparse + b"/large", gib << 30, [(0, b"first"), ((gib << 29) + 77, os.urandom(100000)), ((gib << 30) - 4096, os.urandom(4096))])
# Hard links across folders, of files, symbolic links and fifos; a sparse one, too.
first = write(main + b"/links/one/file", os.urandom(300000))
for i in range(20): os.makedirs(main + b"/links/%d/a" % i); os.link(first, main + b"/links/%d/a/other" % i)
os.link(main + b"/holes/many", main + b"/links/hole"); os.symlink("target", main + b"/links/symbolic"); os.link(main + b"/links/symbolic", main + b"/links/0/symbolic", follow_symlinks=False)
write(main + b"/links/empty", b""); os.link(main + b"/links/empty", main + b"/links/1/empty")
# Empty files and folders, sizes around chunk and region borders.
os.makedirs(main + b"/sizes/empty-folder"); write(main + b"/sizes/empty", b"")
for size in (1, 4095, 4096, 4097, 65535, 262144, 1 << 20, (1 << 20) + 1, (4 << 20) - 1): write(main + b"/sizes/%d" % size, os.urandom(size))
# Special files.
os.mkdir(main + b"/special"); os.mkfifo(main + b"/special/fifo", 0o640); os.link(main + b"/special/fifo", main + b"/special/fifo-again")
for name, kind, mode, device in ((b"char", stat.S_IFCHR, 0o666, (1, 3)), (b"block", stat.S_IFBLK, 0o660, (7, 99)), (b"large-number", stat.S_IFCHR, 0o600, (259, 70000))):
    os.mknod(main + b"/special/" + name, kind | mode, os.makedev(*device)); os.chmod(main + b"/special/" + name, mode)
here = os.open(main + b"/special", os.O_RDONLY); os.fchdir(here); s = socket.socket(socket.AF_UNIX); s.bind("socket"); s.close(); os.close(here); os.chdir("/")
# Modes and owners.
for mode in (0o0, 0o4755, 0o2755, 0o6711, 0o1777, 0o444): os.chmod(write(main + b"/modes/%04o" % mode, b"#!/bin/sh\n"), mode)
os.mkdir(main + b"/modes/sticky"); os.chmod(main + b"/modes/sticky", 0o1777); os.mkdir(main + b"/modes/setgid"); os.chown(main + b"/modes/setgid", 12345, 54321); os.chmod(main + b"/modes/setgid", 0o2770)
for uid, gid in ((1, 1), (12345, 54321), (2**32 - 10, 2**32 - 11)): os.chown(write(main + b"/modes/owner-%d" % uid), uid, gid)
setuid = write(main + b"/modes/setuid-of-another"); os.chown(setuid, 1000, 1000); os.chmod(setuid, 0o6755)
os.symlink("x", main + b"/modes/link-of-another"); os.chown(main + b"/modes/link-of-another", 1000, 1000, follow_symlinks=False)
locked = main + b"/modes/locked"; write(locked + b"/inside"); os.chmod(locked, 0)
# Extended attributes of every namespace, ACLs, capabilities.
x = write(main + b"/attributes/many")
for i in range(30): os.setxattr(x, b"user.name-%d" % i, os.urandom(i * 3))
os.setxattr(x, b"user.\xff\xfe\n", b"\0\1\2"); os.setxattr(x, b"trusted.sago", b"trusted"); os.setxattr(x, b"user.empty", b"")
os.setxattr(write(main + b"/attributes/large"), b"user.large", os.urandom(3000))
os.setxattr(write(main + b"/attributes/security"), b"security.sago", b"by hand")
os.mkdir(main + b"/attributes/folder"); os.setxattr(main + b"/attributes/folder", b"user.of", b"folder"); os.setxattr(main + b"/attributes/folder", b"trusted.of", b"folder")
os.symlink("many", main + b"/attributes/link"); os.setxattr(main + b"/attributes/link", b"trusted.of", b"link", follow_symlinks=False)
os.setxattr(main + b"/special/fifo", b"trusted.of", b"fifo"); os.setxattr(main + b"/special/char", b"trusted.of", b"device")
os.chmod(write(main + b"/attributes/read-only"), 0o400); os.setxattr(main + b"/attributes/read-only", b"user.of", b"read-only")
cap = write(main + b"/attributes/capable"); os.chmod(cap, 0o755); subprocess.run(["setcap", "cap_net_raw,cap_net_bind_service+ep", cap], check=True)
acl = write(main + b"/attributes/acl"); subprocess.run(["setfacl", "-m", "u:1:rw,u:54321:r,g:2:x,m::rx", acl], check=True)
folder = main + b"/attributes/acl-folder"; os.mkdir(folder); subprocess.run(["setfacl", "-m", "u:3:rwx,d:u:4:rx,d:g::r,d:o::-", folder], check=True); write(folder + b"/inherits")
# Times: before 1970, around 2038, far ahead, to the nanosecond; of links and folders, too.
for name, ns in ((b"1901", -(2**31) * 10**9), (b"1960", -315_619_200 * 10**9 + 123_456_789), (b"minus-one", -1), (b"zero", 0), (b"one", 1), (b"2038", 2**31 * 10**9 + 999_999_999), (b"2200", 7_258_118_400 * 10**9 + 1), (b"now", time.time_ns())):
    os.utime(write(main + b"/times/file-" + name), ns=(ns, ns))
    os.symlink("t", main + b"/times/link-" + name); os.utime(main + b"/times/link-" + name, ns=(ns, ns), follow_symlinks=False)
    os.mkdir(main + b"/times/folder-" + name); write(main + b"/times/folder-" + name + b"/x"); os.utime(main + b"/times/folder-" + name, ns=(ns, ns))
P
}

check_fidelity() {
  need rsync python3 setfacl getfattr setcap tar; local gib=${SPARSE:-10} locale kib_before kib_after
  for locale in C.UTF-8 C; do
    fresh; receiver
    nasty_folder "$work/nasty" "$gib" || { fail "fidelity: the folder cannot be made here"; return; }
    say "fidelity: LC_ALL=$locale, $(python3 -c "import os,sys; print(sum(len(d)+len(f) for _,d,f in os.walk(sys.argv[1].encode())))" "$work/nasty") entries, one file of $gib GiB with $(du -k "$work/nasty/sparse/large" | cut -f1) KiB of data"
    LC_ALL=$locale "$sago" backup --dataset nasty "$work/nasty"; check "fidelity: LC_ALL=$locale: backup exits 0" [ $? = 0 ]
    say "  the site holds $(site_mb) MB"
    check "fidelity: LC_ALL=$locale: holes cost nothing at the site" [ "$(site_mb)" -lt 40 ]
    LC_ALL=$locale "$sago" restore latest --target "$work/restored"; check "fidelity: LC_ALL=$locale: restore exits 0" [ $? = 0 ]
    check "fidelity: LC_ALL=$locale: rsync finds no difference" judge "$work/nasty" "$work/restored$work/nasty"
    # rsync does not compare where holes are.
    kib_before=$(du -k "$work/nasty/sparse/large" | cut -f1); kib_after=$(du -k "$work/restored$work/nasty/sparse/large" | cut -f1)
    say "  the sparse file takes $kib_before KiB at the source and $kib_after KiB restored"
    check "fidelity: LC_ALL=$locale: the sparse file stays sparse" [ "$kib_after" -le $((kib_before + 64)) ]
    kib_before=$(du -ks "$work/nasty/main/holes" | cut -f1); kib_after=$(du -ks "$work/restored$work/nasty/main/holes" | cut -f1)
    check "fidelity: LC_ALL=$locale: so do those with many holes ($kib_before KiB, $kib_after KiB restored)" [ "$kib_after" -le $((kib_before + kib_before / 10)) ]
    # The same again changes nothing: what is there is compared, not rewritten.
    LC_ALL=$locale "$sago" restore latest --target "$work/restored" >"$work/again.log" 2>&1; check "fidelity: LC_ALL=$locale: a second restore over the first exits 0" [ $? = 0 ]
    check "fidelity: LC_ALL=$locale: rsync still finds no difference" judge "$work/nasty" "$work/restored$work/nasty"
    rm -rf "$work/restored"; mkdir -p "$work/tar"
    # tar has no sockets, and to GNU tar two names of a fifo are two fifos.
    LC_ALL=$locale "$sago" dump "latest:$work/nasty/main" / --archive tar 2>"$work/dump.log" | tar x -p --same-owner --xattrs --xattrs-include='*' --acls -C "$work/tar" 2>"$work/tar.log"
    local status=("${PIPESTATUS[@]}"); tail -n 2 "$work/dump.log"; head -n 5 "$work/tar.log"
    check "fidelity: LC_ALL=$locale: dump and tar exit 0 (${status[*]})" [ "${status[*]}" = "0 0" ]
    check "fidelity: LC_ALL=$locale: rsync finds no difference in what tar unpacked" judge "$work/nasty/main" "$work/tar/main" --exclude=/special/socket --exclude=/special/fifo-again
    rm -rf "$work/tar"
  done
}

# Files that change, vanish or cannot be read while the backup runs.
check_changing() {
  need rsync capsh python3; fresh; receiver
  random_files "$work/data/a" 4 100
  mkdir -p "$work/data/m" "$work/data/z/gone"; local i
  for i in $(seq 200); do echo "$i" > "$work/data/m/stays-$i"; echo "$i" > "$work/data/z/gone/$i"; done
  for i in 1 2 3 4; do echo "$i" > "$work/data/a/z-vanishes-$i"; done
  for i in 1 2 3; do echo secret > "$work/data/m/refused-$i"; chmod 0 "$work/data/m/refused-$i"; done
  mkdir "$work/data/m/refused"; echo x > "$work/data/m/refused/inside"; chmod 0 "$work/data/m/refused"
  head -c 50000000 /dev/urandom > "$work/data/a/written"
  sleep 3
  # Root without the capabilities to read what others forbid. A writer keeps at one file; when the window is full because the site stands still, files vanish.
  (while :; do echo more >> "$work/data/a/written"; sleep 0.05; done) & local writer=$!; children+=("$writer")
  capsh --drop=cap_dac_override,cap_dac_read_search -- -c 'exec "$@"' sh "$sago" backup --dataset data "$work/data" >"$work/backup.log" 2>&1 & local sender=$!; children+=("$sender")
  wait_for_site_mb 60; kill -STOP "$receiver"; sleep 3
  rm -rf "$work"/data/a/z-vanishes-* "$work/data/z/gone"
  kill -CONT "$receiver"; wait "$sender"; local status=$?
  end_child "$writer" TERM; tail -n 12 "$work/backup.log"
  check "changing: exits 3" [ $status = 3 ]
  check "changing: the changed file is named" grep -q 'a/written' "$work/backup.log"
  check "changing: the refused ones are named" grep -q 'm/refused-2' "$work/backup.log"
  check "changing: the summary counts what changed" sh -c "grep -v '/data/' '$work/backup.log' | grep -qE '[1-9][0-9]* changed'"
  check "changing: what could not be read" sh -c "grep -v '/data/' '$work/backup.log' | grep -q '4 could not be read'"
  check "changing: and what vanished" sh -c "grep -v '/data/' '$work/backup.log' | grep -qE '[1-9][0-9]* (vanished|were gone)'"
  "$sago" restore latest --target "$work/restored" >"$work/restore.log" 2>&1; check "changing: the snapshot restores" [ $? = 0 ]
  check "changing: the rest is complete" judge "$work/data" "$work/restored$work/data" --exclude=/a/written --exclude='/m/refused*' --exclude=/z --omit-dir-times
  local size; size=$(stat -c %s "$work/restored$work/data/a/written" 2>/dev/null)
  check "changing: the changed file is a beginning of what it became" cmp -n "${size:-1}" "$work/data/a/written" "$work/restored$work/data/a/written"
  "$sago" backup --dataset data --json "$work/data" >"$work/backup.json" 2>/dev/null
  check "changing: without a writer, root reads all of it: exits 0" [ $? = 0 ]
  check "changing: that summary counts nothing as changed or unreadable" python3 - "$work/backup.json" <<'P'
import json, sys
summary = [m for m in map(json.loads, open(sys.argv[1])) if m["message_type"] == "summary"][-1]
print("  " + json.dumps({k: v for k, v in summary.items() if k in ("unreadable", "changed", "vanished")}))
sys.exit(1 if any(summary.get(k, 0) for k in ("unreadable", "changed", "vanished")) else 0)
P
}

peak_of() { # pid: the highest resident memory until it ends, in MiB
  local peak=0 now
  while kill -0 "$1" 2>/dev/null; do now=$(peak_mib "$1"); [ "${now:-0}" -gt "$peak" ] && peak=$now; sleep 0.2; done
  echo "$peak"
}

check_million() {
  need rsync python3; fresh; receiver; local entries=${ENTRIES:-1000000} pid peak start
  say "million: a folder of $entries entries"
  python3 - "$work/data/folder" "$entries" <<'P'
import os, sys
top, count = sys.argv[1], int(sys.argv[2])
os.makedirs(top)
for i in range(count):
    with open(f"{top}/entry-{i:07}-of-a-folder-with-very-many-entries", "w") as f:
        if i % 50 == 0: f.write(f"content of {i}")
P
  sleep 3
  start=$SECONDS; "$sago" backup --dataset data "$work/data" >"$work/backup.log" 2>&1 & pid=$!; children+=("$pid"); peak=$(peak_of $pid)
  wait $pid; check "million: backup exits 0" [ $? = 0 ]; tail -n 2 "$work/backup.log"; say "  backup in $((SECONDS - start)) s"
  check "million: sender below 512 MiB + 160 MiB of JVM" at_most "sender at the backup, MiB" "$peak" 672
  touch "$work/data/folder/entry-0000500-of-a-folder-with-very-many-entries"; sleep 3
  start=$SECONDS; "$sago" backup --dataset data "$work/data" >"$work/backup.log" 2>&1 & pid=$!; children+=("$pid"); peak=$(peak_of $pid)
  wait $pid; check "million: second backup exits 0" [ $? = 0 ]; tail -n 2 "$work/backup.log"; say "  second backup in $((SECONDS - start)) s"
  check "million: sender below 512 MiB + 160 MiB of JVM in the second one" at_most "sender at the second backup, MiB" "$peak" 672
  start=$SECONDS; "$sago" restore latest --target "$work/restored" >"$work/restore.log" 2>&1 & pid=$!; children+=("$pid"); peak=$(peak_of $pid)
  wait $pid; check "million: restore exits 0" [ $? = 0 ]; tail -n 2 "$work/restore.log"; say "  restore in $((SECONDS - start)) s"
  check "million: restore below 512 MiB + 160 MiB of JVM" at_most "restore, MiB" "$peak" 672
  check "million: receiver below 256 MiB + 160 MiB of JVM" at_most "receiver, MiB" "$(peak_mib "$receiver")" 416
  check "million: rsync finds no difference" judge "$work/data" "$work/restored$work/data"
  check "million: ls counts them all" [ "$("$sago" ls latest "$work/data/folder" 2>/dev/null | grep -c entry-)" = "$entries" ]
}
