# shellcheck shell=bash disable=SC2034,SC2154 # sourced by bench/accept
# What checks are made of: a home, a site, processes that end with the script, figures, comparisons.

checking=

say() { printf '%s\n' "$*"; }
pass() { say "PASS $*"; }
fail() { say "FAIL $*"; failed=$((failed + 1)); }
check() { local what=$1; shift; if "$@"; then pass "$what"; else fail "$what"; fi; }
need() { # tools: where this is a Debian and we are root, what is missing is installed
  local tool package
  for tool in "$@"; do
    command -v "$tool" >/dev/null && continue
    case $tool in
      setfacl) package=acl ;;
      getfattr) package=attr ;;
      setcap | capsh) package=libcap2-bin ;;
      systemd-analyze) package=systemd ;;
      systemd-nspawn) package=systemd-container ;;
      unshare | setpriv | chrt) package=util-linux ;;
      *) package=$tool ;;
    esac
    [ "$(id -u)" = 0 ] && { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package"; } >/dev/null 2>&1
    command -v "$tool" >/dev/null || { say "$tool is missing: install it (apt-get install $package)"; exit 2; }
  done
}
stop_all() { for pid in "${children[@]:-}"; do [ -n "$pid" ] && kill -CONT "$pid" 2>/dev/null; [ -n "$pid" ] && kill "$pid" 2>/dev/null; done; children=(); wait 2>/dev/null; }
trap stop_all EXIT

rss_mib() { awk '/^VmRSS/ {print int($2/1024)}' "/proc/$1/status" 2>/dev/null || echo 0; }
peak_mib() { awk '/^VmHWM/ {print int($2/1024)}' "/proc/$1/status" 2>/dev/null || echo 0; }
read_mb() { awk '/^rchar/ {print int($2/1000000)}' "/proc/$1/io" 2>/dev/null || echo 0; }
site_mb() { du -s --block-size=1000000 "$work/site/packs" 2>/dev/null | cut -f1; }
site_bytes() { du -sb "$work/site" | cut -f1; }

# One home, one site, no receiver running.
fresh() {
  stop_all; unset SAGO_STREAMS
  rm -rf "$work"; mkdir -p "$work"
  echo 'a passphrase for checks' > "$SAGO_PASSPHRASE_FILE"
  "$sago" receiver init --dir "$work/site" --name sg --jurisdiction SG --listen 127.0.0.1:$port --request-out "$work/request" >>"$work/log" 2>&1 &&
  "$sago" init --kit-out "$work/kit" >>"$work/log" 2>&1 &&
  "$sago" site add "$work/request" --address "127.0.0.1:${1:-$port}" --grant-out "$work/grant" --yes >>"$work/log" 2>&1 &&
  "$sago" receiver grant "$work/grant" --dir "$work/site" >>"$work/log" 2>&1 || { say "set-up failed:"; tail -5 "$work/log"; exit 2; }
}

receiver() { # further flags of `receiver run`
  : > "$work/receiver.log"
  "$sago" receiver run --dir "$work/site" "$@" >>"$work/receiver.log" 2>&1 & receiver=$!
  children+=("$receiver")
  for _ in $(seq 100); do grep -q ready "$work/receiver.log" && return 0; sleep 0.1; done
  say "the receiver does not get ready:"; cat "$work/receiver.log"; exit 2
}

# A link with a rate in bytes per second and connection, from port + 1 to the receiver. Its file says once a second what went over it.
# Its rate is that of a connection: a backup shall not make more of them.
relay() {
  : > "$work/relay.log"; export SAGO_STREAMS=4
  "$sago" bench relay --listen $((port + 1)) --to $port --rate "$1" >>"$work/relay.log" 2>&1 & relay=$!
  children+=("$relay")
  for _ in $(seq 600); do grep -q ready "$work/relay.log" && return 0; sleep 0.1; done
  say "the relay does not get ready:"; cat "$work/relay.log"; exit 2
}
relay_bytes() { sed -n 's/^to the site \([0-9]*\) .*/\1/p' "$work/relay.log" | tail -n 1; }
relay_bytes_both_ways() { sleep 2; tail -n 1 "$work/relay.log" | sed -n 's/^to the site \([0-9]*\) bytes, back \([0-9]*\)$/\1 \2/p' | awk '{printf "%.0f\n", $1 + $2}'; }
end_child() { kill "-$2" "$1" 2>/dev/null; wait "$1" 2>/dev/null; }
wait_for_site_mb() { for _ in $(seq 3000); do [ "$(site_mb)" -ge "$1" ] && return 0; sleep 0.1; done; return 1; }
wait_for_line() { for _ in $(seq "$3"); do grep -qiE "$2" "$1" && return 0; sleep 1; done; return 1; } # file, pattern, seconds
resent_bytes() { # of a summary, in bytes
  sed -n 's/.*resent \([0-9.,]*\) \([kMG]*B\).*/\1 \2/p' "$1" | tail -n 1 |
    awk '{f["B"]=1; f["kB"]=1e3; f["MB"]=1e6; f["GB"]=1e9; gsub(",", "", $1); printf "%.0f\n", $1 * f[$2]}'
}
at_most() { say "  $1: $2 (bound $3)"; [ -n "$2" ] && [ "$2" -le "$3" ]; } # what, figure, bound

# Files that LZ4 does not shrink, so that bytes at the site can be compared with bytes at home.
random_files() { # folder, files, MB each
  local i
  mkdir -p "$1"
  for i in $(seq "$2"); do head -c "${3}000000" /dev/urandom > "$1/file-$i"; done
}

same() { # source, target below which it was restored
  local differences
  differences=$(rsync -an --checksum --modify-window=-1 --itemize-changes --delete "$1/" "$2$1/" 2>&1) || { say "rsync: $differences" | head -5; return 1; }
  [ -z "$differences" ] || { say "$differences" | head -5; return 1; }
}

# Random files, logs, many small files and one large file of several regions: N GB in all.
mixed_files() { # folder, GB
  python3 - "$1" "$2" <<'P'
import os, random, sys
top, gb = sys.argv[1], float(sys.argv[2])
def write(path, size, chunk):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        while size > 0:
            piece = chunk(min(size, 1 << 20)); f.write(piece); size -= len(piece)
def lines(size):
    text = b""
    while len(text) < min(size, 65536):
        text += b"2026-11-21T10:00:%02d.%06d host-%d GET /member/%d 200 %d ms\n" % (random.randrange(60), random.randrange(10**6),
            random.randrange(40), random.randrange(32 * 10**6), random.randrange(900))
    return (text * (size // len(text) + 1))[:size]
write(f"{top}/large/image", int(gb * 300e6), os.urandom)
for i in range(int(gb * 4) or 1): write(f"{top}/logs/log-{i:04}", 50 * 10**6, lines)
for i in range(int(gb * 400)): write(f"{top}/medium/file-{i:05}", random.randrange(400_000, 1_200_000), os.urandom)
for i in range(int(gb * 8) or 1): write(f"{top}/random/file-{i:04}", 20 * 10**6, os.urandom)
for i in range(int(gb * 5000)): write(f"{top}/small/{i % 100:02}/file-{i:06}", random.randrange(5000), os.urandom)
P
}

expect() { # status, what, command…
  local want=$1 what=$2 got; shift 2
  "$@" >"$work/out" 2>&1 </dev/null; got=$?
  say "  [$got] $(grep -v '^next:' "$work/out" | tail -1)"
  check "$checking: $what exits $want" [ "$got" = "$want" ]
  check "$checking: $what shows no stack trace" sh -c "! grep -qE '^\s+at |Exception' '$work/out'"
}

refused() { # what, command…: any exit but 0, and but 2, which would only say that the command was typed wrongly
  local what=$1 got; shift
  "$@" >"$work/out" 2>&1 </dev/null; got=$?
  say "  [$got] $(grep -v '^next:' "$work/out" | tail -1)"
  check "$checking: $what is refused" [ "$got" != 0 -a "$got" != 2 ]
  check "$checking: $what shows no stack trace" sh -c "! grep -qE '^\s+at |Exception' '$work/out'"
}
