# shellcheck shell=bash disable=SC2154 # sourced by bench/accept, whose variables these are
# Keys, senders and the loss of home.

check_recover() {
  need rsync; fresh; receiver
  mixed_files "$work/data" "$(awk "BEGIN {print $gb / 8}")"; mkdir -p "$work/papers"; cp -a /usr/share/doc/b* "$work/papers/"; sleep 3
  "$sago" backup --dataset data "$work/data" >>"$work/log" 2>&1 || fail "recover: first backup"
  "$sago" backup --dataset papers "$work/papers" >>"$work/log" 2>&1 || fail "recover: backup of a second dataset"
  echo more > "$work/data/more"
  "$sago" backup --dataset data "$work/data" >>"$work/log" 2>&1 || fail "recover: second backup"
  cp -a "$work/home" "$work/copy-of-home"; rm -rf "$work/home"
  local old_home=$SAGO_HOME before status; export SAGO_HOME=$work/recovered
  "$sago" recover --kit "$work/kit" --address 127.0.0.1:$port --home "$work/recovered" >"$work/recover.log" 2>&1; status=$?
  sed 's/^/  /' "$work/recover.log" | tail -n 25
  check "recover: from nothing but the kit and the site" [ $status = 0 ]
  check "recover: says what its freshness rests on" grep -qiE 'fresh|newest|counter' "$work/recover.log"
  "$sago" restore latest --dataset data --target "$work/restored" >>"$work/log" 2>&1 || fail "recover: restore"
  check "recover: rsync finds no difference" same "$work/data" "$work/restored"
  "$sago" restore latest --dataset papers --target "$work/restored" >>"$work/log" 2>&1 || fail "recover: restore of the second dataset"
  check "recover: rsync finds no difference in the second dataset" same "$work/papers" "$work/restored"
  "$sago" snapshots; check "recover: all three snapshots are listed" [ "$("$sago" snapshots | grep -cE '(data|papers)$')" = 3 ]
  before=$(site_bytes)
  "$sago" backup --dataset data "$work/data" >"$work/backup.log" 2>&1; status=$?; tail -n 4 "$work/backup.log"
  check "recover: the next backup works" [ $status = 0 ]
  check "recover: and is incremental" at_most "bytes that the site grew" $(($(site_bytes) - before)) 1048576
  export SAGO_HOME=$work/copy-of-home
  echo again > "$work/data/again"
  refused "a backup with a copy of the old home" "$sago" backup --dataset data "$work/data"
  export SAGO_HOME=$work/recovered
  expect 0 "a backup with the new home after that" "$sago" backup --dataset data "$work/data"
  expect 0 "verify --read-data with the new home" "$sago" verify --read-data
  expect 0 "kit verify" "$sago" kit verify "$work/kit"
  sed '2s/^[a-z]*/zoo/' "$work/kit" > "$work/kit-other"
  expect 12 "kit verify of a kit with another word" "$sago" kit verify "$work/kit-other"
  expect 12 "recover with a kit with another word" "$sago" recover --kit "$work/kit-other" --address 127.0.0.1:$port --home "$work/none"
  expect 2 "recover into a home that is there already" "$sago" recover --kit "$work/kit" --address 127.0.0.1:$port --home "$work/recovered"
  expect 5 "recover from a site that does not answer" "$sago" recover --kit "$work/kit" --address 127.0.0.1:1 --home "$work/none"
  export SAGO_HOME=$old_home
}

# Every verb with a home that is not the key holder's: whatever opens, deletes or signs must be refused.
try_every_verb() { # what, home
  local what=$1 stolen=$2 site_before verb
  site_before=$(cd "$work/site" && find packs manifests -type f -exec sha256sum {} + | sort)
  for verb in "restore latest --target $work/loot" "restore latest --dataset data --target $work/loot" "ls latest" "verify --read-data" "key list" "key passphrase --new-passphrase-file $work/kit-guessed" "key add --label thief --new-key-file $work/thief-key" \
    "key remove thief" "key rotate --dataset data" "site add $work/request --address 127.0.0.1:$port --yes" "sender add thief --dataset data --out $work/thief-bundle" "sender revoke store" \
    "sender rebuild --dataset data" "recover --kit $work/kit-guessed --address 127.0.0.1:$port" "backup --dataset another-one $work/mine" "restore latest --kit $work/kit-guessed --target $work/loot"; do
    # shellcheck disable=SC2086 # a verb is a list of words
    refused "$what: $verb" env -u SAGO_PASSPHRASE_FILE SAGO_HOME="$stolen" "$sago" $verb
  done
  check "stolen-home: $what: nothing was restored" [ ! -e "$work/loot" -o -z "$(find "$work/loot" -type f 2>/dev/null | head -1)" ]
  check "stolen-home: $what: what the site held before is there, byte for byte" sh -c "cd '$work/site' && printf '%s\n' \"\$1\" | sha256sum --check --quiet" sh "$site_before"
}

check_stolen-home() {
  need rsync; fresh; receiver
  random_files "$work/data" 4 10; mkdir -p "$work/mine"; cp -a /usr/share/doc/a* "$work/mine/"
  (for _ in $(seq 24); do echo zoo; done) > "$work/kit-guessed"; head -c 64 /dev/urandom > "$work/thief-key"
  "$sago" backup --dataset data "$work/data" >>"$work/log" 2>&1 || fail "stolen-home: backup"
  cp -a "$work/home" "$work/stolen"; rm -rf "$work/stolen/vault"
  try_every_verb "home's sender/ without its vault" "$work/stolen"

  "$sago" backup --dataset mine "$work/mine" >>"$work/log" 2>&1 || fail "stolen-home: backup of the sender's dataset"
  expect 0 "sender add" "$sago" sender add store --dataset mine --out "$work/bundle"
  expect 0 "sender join" env -u SAGO_PASSPHRASE_FILE SAGO_HOME="$work/host" "$sago" sender join "$work/bundle" --yes --home "$work/host"
  echo by the sender > "$work/mine/by-the-sender"
  expect 0 "the joined sender's backup, without a passphrase" env -u SAGO_PASSPHRASE_FILE "$sago" backup --dataset mine --home "$work/host" "$work/mine"
  expect 2 "home's own backup of a dataset that was given away" "$sago" backup --dataset mine "$work/mine"
  cp -a "$work/host" "$work/stolen-host"
  try_every_verb "a joined sender's home" "$work/stolen-host"
  refused "the stolen sender's backup of another dataset" env -u SAGO_PASSPHRASE_FILE SAGO_HOME="$work/stolen-host" "$sago" backup --dataset data "$work/data"
  expect 0 "what the sender stored is restored at home" "$sago" restore latest --dataset mine --target "$work/restored"
  check "stolen-home: rsync finds no difference" same "$work/mine" "$work/restored"
  "$sago" sender list | sed 's/^/  /'
  expect 0 "sender revoke" "$sago" sender revoke store
  local before; before=$(find "$work/site/packs" -type f | wc -l)
  refused "a backup with the stolen home after the revocation" env -u SAGO_PASSPHRASE_FILE "$sago" backup --dataset mine --home "$work/stolen-host" "$work/mine"
  check "stolen-home: and the site holds no pack more" [ "$(find "$work/site/packs" -type f | wc -l)" = "$before" ]
  expect 0 "home's own backup of the dataset that came back" "$sago" backup --dataset mine "$work/mine"
  expect 0 "verify --read-data" "$sago" verify --read-data
}

check_rotate() {
  need rsync; fresh $((port + 1)); receiver; relay 50000000
  local sessions=${SESSIONS:-20} i before moved_few moved held old_snapshot half=$((${SESSIONS:-20} / 4))
  mkdir -p "$work/data"
  for i in $(seq "$sessions"); do
    random_files "$work/data/part-$i" 1 $((gb * 1000 / sessions))
    [ "$i" = $half ] && { before=$(relay_bytes_both_ways); "$sago" key rotate --dataset data | sed 's/^/  /' || fail "rotate: first rotation"; moved_few=$(($(relay_bytes_both_ways) - before)); }
    "$sago" backup --dataset data "$work/data" >>"$work/log" 2>&1 || fail "rotate: backup $i"
  done
  held=$(find "$work/site/packs" -type f -exec stat -c '%n %s %i' {} + | sort | sha256sum)
  old_snapshot=$("$sago" snapshots | awk 'NR == 2 {print $1}')
  mkdir -p "$work/sessions-before"; cp -a "$work/site" "$work/site-headers" 2>/dev/null && rm -rf "$work/site-headers/packs"
  before=$(relay_bytes_both_ways); "$sago" key rotate --dataset data >"$work/rotate.log" 2>&1; local status=$?; moved=$(($(relay_bytes_both_ways) - before))
  sed 's/^/  /' "$work/rotate.log"
  check "rotate: ends well" [ $status = 0 ]
  say "  over the link, both ways: $moved bytes for $sessions sessions ($((moved / sessions)) each with connections, grants and keyring); $moved_few bytes for $((half - 1)) sessions"
  check "rotate: each further session moves less than 2 KiB" at_most "bytes" $(((moved - moved_few) / (sessions - half + 1))) 2047
  check "rotate: no pack was touched" [ "$held" = "$(find "$work/site/packs" -type f -exec stat -c '%n %s %i' {} + | sort | sha256sum)" ]
  expect 0 "restore of the oldest snapshot" "$sago" restore "$old_snapshot" --target "$work/restored-old"
  check "rotate: the oldest snapshot is right" cmp "$work/data/part-1/file-1" "$work/restored-old$work/data/part-1/file-1"
  expect 0 "restore of the newest snapshot" "$sago" restore latest --target "$work/restored"
  check "rotate: rsync finds no difference" same "$work/data" "$work/restored"
  check "rotate: no session header of the old epoch is left at the site" no_header_twice
  expect 0 "verify --read-data" "$sago" verify --read-data=5%
  echo more > "$work/data/more"; expect 0 "a backup after it" "$sago" backup --dataset data "$work/data"
}

# A header seals to an X-Wing key with 1120 bytes that look random: what was at the site before must not be found in any file that is there now.
no_header_twice() {
  python3 - "$work/site-headers" "$work/site" <<'P'
import os, sys
before, now = sys.argv[1:3]
def files(top): return {os.path.relpath(os.path.join(d, f), top): os.path.join(d, f) for d, _, fs in os.walk(top) for f in fs if "/packs" not in d}
headers = {}
for name, path in files(before).items():
    if not ("session" in name or "header" in name): continue
    data = open(path, "rb").read(); at = data.find(b"\x3a\xe0\x08") # field 7 `enc`, 1120 bytes
    if at >= 0: headers[name] = data[at + 3:at + 3 + 64]
left = [(name, other) for other, path in files(now).items() for data in [open(path, "rb").read()] for name, piece in headers.items() if piece in data]
print(f"  {len(headers)} headers were at the site before; found again in {len(left)} files {left[:3]}")
sys.exit(0 if headers and not left else 1)
P
}

# Puts another public key, or another grant, into the record of a dataset, as somebody with the sender's disk would, CRC and all.
rewrite_grant() { # file, from file or "key"
  python3 - "$@" <<'P'
import struct, sys
path, source = sys.argv[1:3]
def crc32c(data):
    crc = 0xffffffff
    for b in data:
        crc ^= b
        for _ in range(8): crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff
def varint(data, at):
    value = shift = 0
    while True:
        b = data[at]; at += 1; value |= (b & 127) << shift; shift += 7
        if b < 128: return value, at
def field(data, number): # first length-delimited field of this number: its start and end
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 2:
            length, at = varint(data, at)
            if tag >> 3 == number: return at, at + length
            at += length
        elif tag & 7 == 0: _, at = varint(data, at)
        else: sys.exit("unexpected wire type")
    sys.exit(f"no field {number}")
def grant(record): return field(record, 3)
def public_key(record): # DatasetRecord.grant -> SignedEnvelope.payload -> DatasetGrant.dataset_public_key
    a, b = grant(record); c, d = field(record[a:b], 4); e, f = field(record[a:b][c:d], 6)
    return a + c + e, a + c + f
file = open(path, "rb").read(); kind, crc, record = file[:8], file[8:12], file[12:]
assert struct.pack(">I", crc32c(record)) == crc or struct.pack("<I", crc32c(record)) == crc, "the file is not laid out as FORMAT says"
order = ">I" if struct.pack(">I", crc32c(record)) == crc else "<I"
other = open(source, "rb").read()[12:]
if len(sys.argv) > 3: # the whole grant of another vault
    a, b = grant(record); c, d = grant(other); assert b - a == d - c, "grants of different lengths"
else:
    a, b = public_key(record); c, d = public_key(other)
record = record[:a] + other[c:d] + record[b:]
open(path, "wb").write(kind + struct.pack(order, crc32c(record)) + record)
print(f"  {b - a} bytes of {path.split('/')[-1]} replaced")
P
}

check_swapped-key() {
  need strace python3; fresh; receiver
  mkdir -p "$work/data"; cp -a /usr/share/doc/a* "$work/data/"
  "$sago" backup --dataset data "$work/data" >>"$work/log" 2>&1 || fail "swapped-key: backup"
  # Another vault, whose dataset of the same name has a key that its owner can open.
  SAGO_HOME=$work/foreign "$sago" init --kit-out "$work/foreign-kit" >>"$work/log" 2>&1 || fail "swapped-key: another vault"
  SAGO_HOME=$work/foreign "$sago" backup --dataset data "$work/data" >>"$work/log" 2>&1 # ends with: no site; makes the dataset
  [ -s "$work/foreign/sender/datasets/data.pb" ] || { SAGO_HOME=$work/foreign "$sago" site add "$work/request" --address 127.0.0.1:1 --yes >>"$work/log" 2>&1; SAGO_HOME=$work/foreign "$sago" backup --dataset data "$work/data" >>"$work/log" 2>&1; }
  local record=$work/home/sender/datasets/data.pb how status opened
  cp -a "$record" "$work/record"; echo new > "$work/data/new"
  for how in key grant; do
    cp -a "$work/record" "$record"
    if [ $how = key ]; then rewrite_grant "$record" "$work/foreign/sender/datasets/data.pb"; else rewrite_grant "$record" "$work/foreign/sender/datasets/data.pb" whole; fi || { fail "swapped-key: cannot swap the $how"; continue; }
    strace -f -qq --seccomp-bpf -e trace=openat -o "$work/opened" "$sago" backup --dataset data "$work/data" >"$work/out" 2>&1; status=$?
    opened=$(grep -c "\"$work/data" "$work/opened"); tail -n 1 "$work/out" | sed "s/^/  [$status] /"
    check "swapped-key: a swapped $how is refused with 13 or 15" [ $status = 13 -o $status = 15 ]
    check "swapped-key: with a swapped $how no source file or folder was opened" [ "$opened" = 0 ]
  done
  cp -a "$work/record" "$record"
  expect 0 "a backup with the true grant" "$sago" backup --dataset data "$work/data"
}
