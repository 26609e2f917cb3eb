#!/bin/sh
# Prints the home of a JDK 25 or newer; mvnw and leat run on it. Why: docs/decisions/0001-jdk-discovery.md
#
# A JAVA_HOME that is new enough is taken as it is. Otherwise the lowest sufficient version wins, which is the one Leat
# is tested on, and among equals the first in the order below. The version comes from the `release` file that every JDK
# carries, so no java is started: the whole search takes a few milliseconds.
set -u

wanted=25
best=
best_version=

# Sets `version` to the feature version of the JDK at $1; fails when there is no JDK, or only a JRE.
read_version() {
  version=
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS='=' read -r key value || [ -n "$key" ]; do
    [ "$key" = JAVA_VERSION ] || continue
    version=${value#\"}
    version=${version%%[!0-9]*}
  done <"$1/release"
  [ -n "$version" ]
}

# Keeps $1 when it is a better choice than the best so far.
consider() {
  for home in "$1" "$1/Contents/Home" "$1/libexec/openjdk.jdk/Contents/Home"; do
    read_version "$home" && [ "$version" -ge "$wanted" ] || continue
    if [ -z "$best" ] || [ "$version" -lt "$best_version" ]; then
      best=$home
      best_version=$version
    fi
  done
}

# The home of the java on the PATH, through all symbolic links.
java_on_path() {
  java=$(command -v java) || return 0
  while [ -L "$java" ]; do
    link=$(readlink "$java")
    case $link in
    /*) java=$link ;;
    *) java=${java%/*}/$link ;;
    esac
  done
  (cd "${java%/*}/.." 2>/dev/null && pwd -P)
}

consider "${JAVA_HOME:-/none}"
if [ -z "$best" ]; then
  # JAVA_HOME_25_X64 and the like, as build services set them.
  for name in $(env | sed -n 's/^\(JAVA_HOME_[A-Za-z0-9_]*\)=.*/\1/p' | sort); do
    eval "consider \"\$$name\""
  done
  consider "${JDK_HOME:-/none}"
  consider "${GRAALVM_HOME:-/none}"
  path_home=$(java_on_path)
  consider "${path_home:-/none}"

  user=${HOME:-/none}
  for home in \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/*jdk* /opt/java/* /opt/graalvm* \
    /usr/local/*jdk* /usr/local/java/* /usr/local/sdkman/candidates/java/* /opt/hostedtoolcache/Java_*/*/* \
    "${SDKMAN_DIR:-$user/.sdkman}"/candidates/java/* "$user"/.jdks/* "$user"/.gradle/jdks/* "$user"/.jabba/jdk/* \
    "${ASDF_DATA_DIR:-$user/.asdf}"/installs/java/* "${MISE_DATA_DIR:-$user/.local/share/mise}"/installs/java/* \
    "$user"/.local/share/rtx/installs/java/* \
    /Library/Java/JavaVirtualMachines/* "$user"/Library/Java/JavaVirtualMachines/* \
    /opt/homebrew/opt/openjdk* /usr/local/opt/openjdk* /home/linuxbrew/.linuxbrew/opt/openjdk*; do
    consider "$home"
  done
fi

if [ -z "$best" ]; then
  echo "Leat needs a JDK $wanted or newer and found none: install one (Debian: apt install openjdk-$wanted-jdk," \
    "macOS: brew install openjdk@$wanted, or https://adoptium.net) or set JAVA_HOME to it." >&2
  exit 1
fi
printf '%s\n' "$best"
