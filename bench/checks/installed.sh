# shellcheck shell=bash disable=SC2154 # sourced by bench/accept, whose variables these are
# What is installed, on root folders that have a Java and nothing else. Needs root and debootstrap; ROOTFS=DIR names a prepared root folder instead.

minimal_root() { # folder
  if [ -n "${ROOTFS:-}" ]; then cp -a "$ROOTFS" "$1"
  elif [ -d "$work/minimal" ]; then cp -a "$work/minimal" "$1"
  else
    debootstrap --variant=minbase --include=openjdk-17-jre-headless,adduser bookworm "$work/minimal" >"$work/debootstrap.log" 2>&1 || { tail -3 "$work/debootstrap.log"; return 1; }
    cp -a "$work/minimal" "$1"
  fi
  # A mount of its own: Java asks for the free space of the mount that a folder is on, and finds none in a mere folder.
  mount --bind "$1" "$1" && mounted+=("$1") && mount -t proc proc "$1/proc" && mounted+=("$1/proc") && mount --bind /dev "$1/dev" && mounted+=("$1/dev")
}

inside() { # root folder, user, command…: with no more of an environment than cron gives
  local root=$1 user=$2 home; shift 2
  home=$(awk -F: -v u="$user" '$1 == u {print $6}' "$root/etc/passwd")
  env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME="$home" SAGO_HOME="${home_of:-}" SAGO_PASSPHRASE_FILE=/tmp/passphrase \
    chroot --userspec="$user:$user" "$root" "$@"
}

# The whole circle within a root folder: site, home, backup, restore.
circle() { # what, root folder, program of home, program of the site, user of home, user of the site, folder of home, folder of the site
  local what=$1 root=$2 sago_home=$3 sago_site=$4 user=$5 site_user=$6 home_of=$7 site=$8 pid
  "${enter_site[@]:-inside}" "$root" "$site_user" "$sago_site" receiver init --dir "$site" --name sg --jurisdiction SG --listen 127.0.0.1:$port --request-out /tmp/request >>"$work/log" 2>&1 &&
  inside "$root" "$user" "$sago_home" init --kit-out "/tmp/kit-$user" >>"$work/log" 2>&1 &&
  inside "$root" "$user" "$sago_home" site add /tmp/request --address 127.0.0.1:$port --grant-out "/tmp/grant" --yes >>"$work/log" 2>&1 &&
  inside "$root" "$site_user" "$sago_site" receiver grant /tmp/grant --dir "$site" >>"$work/log" 2>&1 || { fail "install: $what: set-up"; tail -3 "$work/log"; return 1; }
  # As in a container: the launcher is PID 1 and becomes Java. It says that it is ready to whoever started it, as systemd wants.
  notified "$root/tmp/notify" >"$work/notified" & local listener=$!; children+=("$listener")
  for _ in $(seq 50); do [ -S "$root/tmp/notify" ] && break; sleep 0.1; done
  unshare --pid --fork --kill-child env -i PATH=/usr/bin:/bin:/usr/sbin NOTIFY_SOCKET=/tmp/notify chroot --userspec="$site_user:$site_user" "$root" "$sago_site" receiver run --dir "$site" >"$work/receiver.log" 2>&1 & pid=$!; children+=("$pid")
  check "install: $what: the site gets ready as PID 1" wait_for_line "$work/receiver.log" ready 60
  check "install: $what: and tells systemd" wait_for_line "$work/notified" READY=1 5
  # Whoever is neither root nor has the capability cannot read all of /etc.
  local status=0; [ "$user" = someone ] && status=3
  "${home_runs[@]}" "$root" "$user" "$sago_home" backup --dataset data --site sg /usr/share/doc /etc >"$work/backup.log" 2>&1; check "install: $what: backup as $user exits $status" [ $? = $status ]; tail -n 2 "$work/backup.log"
  "${home_runs[@]}" "$root" "$user" "$sago_home" backup --dataset data /usr/share/doc /etc >>"$work/backup.log" 2>&1; check "install: $what: again" [ $? = $status ]
  inside "$root" "$user" "$sago_home" snapshots >"$work/out" 2>&1; check "install: $what: snapshots" grep -q data "$work/out"
  inside "$root" root env SAGO_HOME="$home_of" "$sago_home" restore latest --target /tmp/back >"$work/restore.log" 2>&1; check "install: $what: restore exits 0" [ $? = 0 ]
  check "install: $what: rsync finds no difference" judge "$root/usr/share/doc" "$root/tmp/back/usr/share/doc"
  [ "$user" = someone ] || check "install: $what: nor in /etc, with what only root may read" judge "$root/etc" "$root/tmp/back/etc"
  local java; java=$(cat "/proc/$pid/task/$pid/children"); java=${java%% *}
  check "install: $what: PID 1 is Java itself" grep -qz java "/proc/$java/cmdline"
  kill -TERM "$java"; wait "$pid"; check "install: $what: SIGTERM to PID 1 ends it with 0" [ $? = 0 ]
  kill "$listener" 2>/dev/null; rm -rf "$root/tmp/"*
}

notified() { # socket: prints what is sent to it
  exec python3 -c 'import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1]); os.chmod(sys.argv[1], 0o777)
while True: print(s.recv(4096).decode(), flush=True)' "$1"
}

# The service's own user with its one capability.
with_capability() {
  local root=$1 user=$2 home; shift 2
  home=$(awk -F: -v u="$user" '$1 == u {print $6}' "$root/etc/passwd")
  env -i PATH=/usr/bin:/bin:/usr/sbin HOME="$home" SAGO_HOME="${home_of:-}" SAGO_PASSPHRASE_FILE=/tmp/passphrase chroot "$root" setpriv --reuid="$user" --regid="$user" --clear-groups \
    --inh-caps=-all,+dac_read_search --ambient-caps=-all,+dac_read_search --bounding-set=-all,+dac_read_search --no-new-privs "$@"
}

check_install() {
  need debootstrap python3 systemd-analyze unshare rsync; fresh; mounted=(); local i version root unit what home_runs
  mkdir -p "$work"; version=$(sed -n 's#.*<version>\(.*\)</version>.*#\1#p' "$top/pom.xml" | head -n 1)
  [ -f "$top/deploy/target/sago_${version}_amd64.deb" ] || (cd "$top" && mvn -q -B -DskipTests package) >"$work/package.log" 2>&1 || { fail "install: mvn -DskipTests package"; tail -5 "$work/package.log"; return; }

  for what in sago sago-receiver; do
    for unit in bin/sago conf/ lib/ systemd/ completions/ man/; do tar tzf "$top/deploy/target/$what-$version.tar.gz" | grep -q "^$what-$version/$unit." || [ $unit = bin/sago ] || fail "install: $what-$version.tar.gz has nothing in $unit"; done
  done
  check "install: a site gets no code that opens or decompresses" sh -c "! tar tzf '$top/deploy/target/sago-receiver-$version.tar.gz' | grep -iE 'lz4|zstd|conscrypt|chronicle|sago-sender'"

  root=$work/tar; minimal_root "$root" || { fail "install: a minimal root folder"; return; }
  check "install: there is no Maven and no compiler in it" sh -c "! ls '$root'/usr/bin/mvn '$root'/usr/bin/javac 2>/dev/null | grep -q ."
  for what in sago sago-receiver; do tar xzf "$top/deploy/target/$what-$version.tar.gz" -C "$root/opt" && ln -s "$what-$version" "$root/opt/$what"; done
  inside "$root" root useradd --create-home someone; echo 'a passphrase for checks' > "$root/tmp/passphrase"; chmod 644 "$root/tmp/passphrase"
  home_runs=(inside)
  circle "tar.gz, a user" "$root" /opt/sago/bin/sago /opt/sago-receiver/bin/sago someone someone /home/someone/h /home/someone/site
  check "install: tar.gz: class data is in the user's cache" sh -c "ls '$root'/home/someone/.cache/sago/home-*.jsa >/dev/null"
  echo 'a passphrase for checks' > "$root/tmp/passphrase"
  circle "tar.gz, root" "$root" /opt/sago/bin/sago /opt/sago-receiver/bin/sago root root /srv/h /srv/site
  check "install: tar.gz: either launcher runs both" inside "$root" root /opt/sago/bin/sago receiver --help

  root=$work/deb; minimal_root "$root" || { fail "install: a minimal root folder"; return; }
  cp "$top/deploy/target/sago_${version}_amd64.deb" "$top/deploy/target/sago-receiver_${version}_amd64.deb" "$root/tmp/"
  inside "$root" root sh -c 'dpkg -i /tmp/sago_*.deb /tmp/sago-receiver_*.deb' >"$work/dpkg.log" 2>&1; check "install: dpkg -i exits 0" [ $? = 0 ]; grep -iE 'error|warning' "$work/dpkg.log"
  check "install: deb: class data was made" sh -c "ls -s '$root'/var/cache/sago/home-*.jsa >/dev/null"
  check "install: deb: the configuration is a conffile" sh -c "inside() { chroot '$root' \"\$@\"; }; inside dpkg-query -W -f '\${Conffiles}' sago | grep -q /etc/sago/sago.yaml"
  check "install: deb: and is in order" inside "$root" root sago config check
  check "install: deb: man page of every command" sh -c "ls '$root'/usr/share/man/man1/sago-backup.1.gz '$root'/usr/share/man/man1/sago.1.gz '$root'/usr/share/man/man1/sago-receiver*.1.gz >/dev/null"
  check "install: deb: bash completes" bash -c ". '$root/usr/share/bash-completion/completions/sago' && complete -p sago >/dev/null"
  echo 'a passphrase for checks' > "$root/tmp/passphrase"; chmod 644 "$root/tmp/passphrase"
  home_runs=(with_capability)
  circle "deb" "$root" /usr/bin/sago /usr/bin/sago sago sago-receiver /var/lib/sago /var/lib/sago-receiver
  # Checked beside the units of this machine, with the programs where they are now.
  mkdir "$work/units"
  for unit in "$root"/usr/lib/systemd/system/sago-*; do sed "s#/usr/lib/sago#$root/usr/lib/sago#" "$unit" > "$work/units/${unit##*/}"; done
  for unit in sago-receiver.service sago-backup@.service sago-backup@.timer; do
    systemd-analyze verify --man=no "$work/units/$unit" >"$work/unit" 2>&1; local status=$?
    head -n 3 "$work/unit"
    check "install: systemd-analyze verify $unit" [ $status = 0 -a ! -s "$work/unit" ]
    [ "${unit##*.}" = timer ] || systemd-analyze security --offline=true "$work/units/$unit" 2>/dev/null | tail -n 1
  done
  inside "$root" root dpkg --purge sago sago-receiver >"$work/dpkg.log" 2>&1; check "install: deb: purge exits 0" [ $? = 0 ]
  check "install: deb: what was stored stays" [ -e "$root/var/lib/sago-receiver/site.pb" ]
  for ((i = ${#mounted[@]} - 1; i >= 0; i--)); do umount "${mounted[i]}"; done
}

# The units as systemd runs them: a root folder with both packages and systemd, booted.
check_services() {
  need debootstrap systemd-nspawn; fresh; mounted=(); local version root
  version=$(sed -n 's#.*<version>\(.*\)</version>.*#\1#p' "$top/pom.xml" | head -n 1)
  [ -f "$top/deploy/target/sago_${version}_amd64.deb" ] || (cd "$top" && mvn -q -B -DskipTests package) >"$work/package.log" 2>&1 || { fail "services: mvn -DskipTests package"; return; }
  root=$work/booted; minimal_root "$root" || { fail "services: a minimal root folder"; return; }
  cp "$top/deploy/target/"*"_${version}_amd64.deb" "$root/tmp/"; cp /etc/resolv.conf "$root/etc/"; cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" 2>/dev/null
  inside "$root" root sh -c 'export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && apt-get install -y -qq --no-install-recommends systemd systemd-sysv dbus && dpkg -i /tmp/sago*.deb' >"$work/apt.log" 2>&1 ||
    { fail "services: systemd cannot be installed there"; tail -3 "$work/apt.log"; return; }
  echo 'a passphrase for checks' > "$root/root/passphrase"; cp "$root/root/passphrase" "$root/tmp/"
  local home_of=/var/lib/sago
  inside "$root" sago-receiver sago receiver init --dir /var/lib/sago-receiver --name sg --jurisdiction SG --listen 127.0.0.1:$port --request-out /tmp/request >>"$work/log" 2>&1 &&
  inside "$root" root sago init --kit-out /root/kit >>"$work/log" 2>&1 &&
  inside "$root" root sago site add /tmp/request --address 127.0.0.1:$port --grant-out /tmp/grant --yes >>"$work/log" 2>&1 && chmod 644 "$root/tmp/grant" &&
  inside "$root" sago-receiver sago receiver grant /tmp/grant --dir /var/lib/sago-receiver >>"$work/log" 2>&1 || { fail "services: set-up"; tail -3 "$work/log"; return; }
  printf 'datasets:\n  data:\n    paths: [/etc, /root]\n    site: sg\n' >> "$root/etc/sago/sago.yaml"
  cat > "$root/root/try" <<'S'
exec >/root/out 2>&1
export SAGO_HOME=/var/lib/sago SAGO_PASSPHRASE_FILE=/root/passphrase PATH=/usr/sbin:/usr/bin:/sbin:/bin
systemctl start sago-receiver; echo "receiver starts $?"
sago backup --dataset data; echo "root backs up $?"
systemctl enable --now sago-backup@data.timer; systemctl is-active sago-backup@data.timer
install -m 600 /dev/null /root/secret; echo secret >/root/secret
systemctl start sago-backup@data; echo "service backs up $?"
journalctl --no-pager -u sago-backup@data
sago restore latest --target /var/tmp/back; cmp /root/secret /var/tmp/back/root/secret && echo "secret is there"
systemctl stop sago-receiver; echo "receiver stops $?"; systemctl show sago-receiver -p Result -p ExecMainStatus
systemctl start sago-backup@data; systemctl show sago-backup@data -p ExecMainStatus -p SubState
systemctl reset-failed; systemctl poweroff
S
  printf '[Service]\nType=oneshot\nExecStart=/bin/bash /root/try\n' > "$root/etc/systemd/system/try.service"
  mkdir -p "$root/etc/systemd/system/multi-user.target.wants"; ln -sf ../try.service "$root/etc/systemd/system/multi-user.target.wants/"
  for ((i = ${#mounted[@]} - 1; i >= 0; i--)); do umount "${mounted[i]}"; done
  timeout 240 systemd-nspawn -q -D "$root" --register=no --keep-unit -b >"$work/booted.log" 2>&1 </dev/null
  [ -s "$root/root/out" ] || { fail "services: systemd does not boot in a container here"; tail -3 "$work/booted.log"; return; }
  local line
  for line in "receiver starts 0" "root backs up 0" active "service backs up 0" "secret is there" "receiver stops 0" Result=success ExecMainStatus=5 SubState=auto-restart; do
    check "services: $line" grep -qx "$line" "$root/root/out"
  done
  [ "$failed" = 0 ] || tail -n 40 "$root/root/out"
}
