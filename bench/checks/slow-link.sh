# shellcheck shell=bash disable=SC2154 # sourced by bench/accept, whose variables these are
# What compression is worth on a link that is slower than the cores.

summary() { # file of JSON lines, field
  python3 -c 'import json, sys
for line in open(sys.argv[1]):
    line = line.strip()
    if line.startswith("{") and json.loads(line).get("message_type") == "summary": print(json.loads(line)[sys.argv[2]])' "$1" "$2"
}

# Logs over 100 Mbit/s: as many rounds of fixed LZ4 and of auto, in turns, each into a dataset of its own.
check_slow-link() {
  need python3 rsync; fresh; receiver; local round codec bytes ms
  "$sago" bench data "logs:${LINK_GB:-1}G" "$work/data" >>"$work/log" 2>&1 || { fail "slow-link: the data"; tail -3 "$work/log"; return; }
  for round in $(seq "${ROUNDS:-1}"); do
    for codec in lz4 auto; do
      "$sago" backup --dataset "$codec$round" --compression $codec --limit 12207K --json "$work/data" >"$work/$codec$round.json" 2>>"$work/log" || { fail "slow-link: backup with $codec"; return; }
      bytes=$(summary "$work/$codec$round.json" bytes_new) ms=$(summary "$work/$codec$round.json" elapsed_ms)
      say "  $codec: $bytes bytes in $ms ms, $((bytes / ms / 1000)).$((bytes / ms % 1000 / 100)) MB/s; stored: lz4 $(summary "$work/$codec$round.json" bytes_stored_lz4), zstd $(summary "$work/$codec$round.json" bytes_stored_zstd)"
      echo $((bytes / ms)) >>"$work/$codec.rates"
    done
  done
  check "slow-link: auto moves at least 1.4 times what LZ4 does" python3 -c 'import statistics, sys
lz4, auto = (statistics.median(float(line) for line in open(f"{sys.argv[1]}/{codec}.rates")) for codec in ("lz4", "auto"))
print(f"  auto against lz4: {auto / lz4:.2f}")
sys.exit(auto < 1.4 * lz4)' "$work"
  "$sago" restore latest --dataset auto1 --target "$work/restored" >>"$work/log" 2>&1; check "slow-link: restore exits 0" [ $? = 0 ]
  check "slow-link: rsync finds no difference" same "$work/data" "$work/restored"
}
