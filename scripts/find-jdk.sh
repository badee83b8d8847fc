# Sourced by ./penstock. find_jdk prints the home of the first JDK that is new enough, or nothing.
# POSIX sh only (dash, busybox, bash). Asks the `release` file of each candidate, so no JVM is started to look.

required_jdk=25

# jdk_feature_version HOME: prints e.g. 25 when HOME is a JDK (a JRE has no javac and does not count).
jdk_feature_version() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
    version=
    if [ -r "$1/release" ]; then
        version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$1/release")
    fi
    if [ -z "$version" ]; then
        version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
    fi
    version=${version#1.}
    printf '%s\n' "${version%%[!0-9]*}"
}

# The home behind the `java` of PATH; its symbolic links are followed by hand, for `readlink -f` is not POSIX.
jdk_on_path() {
    java=$(command -v java 2>/dev/null) || return 0
    hops=0
    while [ -L "$java" ] && [ "$hops" -lt 20 ]; do
        target=$(ls -ld -- "$java")
        target=${target#*' -> '}
        case $target in
        /*) java=$target ;;
        *) java=$(dirname -- "$java")/$target ;;
        esac
        hops=$((hops + 1))
    done
    (cd -- "$(dirname -- "$java")/.." 2>/dev/null && pwd -P) || :
}

# Candidates in the order of preference: what was asked for, what is set up, what is merely installed.
jdk_candidates() {
    home=${HOME:-/nonexistent}
    printf '%s\n' "${PENSTOCK_JAVA_HOME:-}" "${JAVA_HOME:-}"
    jdk_on_path
    if [ -x /usr/libexec/java_home ]; then
        /usr/libexec/java_home -v "$required_jdk+" 2>/dev/null || :
    fi
    for candidate in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /opt/java/* /opt/jdk* /opt/jdks/* \
        "${SDKMAN_DIR:-$home/.sdkman}"/candidates/java/* "$home"/.jdks/* "$home"/.gradle/jdks/* \
        "$home"/.asdf/installs/java/* "$home"/.local/share/mise/installs/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "$home"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        [ -d "$candidate" ] && printf '%s\n' "$candidate"
    done
    return 0
}

find_jdk() {
    jdk_candidates | while IFS= read -r candidate; do
        [ -n "$candidate" ] || continue
        feature=$(jdk_feature_version "$candidate")
        if [ -n "$feature" ] && [ "$feature" -ge "$required_jdk" ]; then
            printf '%s\n' "$candidate"
            break
        fi
    done
}
