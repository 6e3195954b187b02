# shellcheck shell=bash disable=SC2034
# The paths and the Pythons of this machine, for the other scripts to source.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
tools=$root/.hatch-tools
uv=$tools/venv/bin/uv # from scripts/hatch
export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-true} # trust what pip trusts

# pyenv's shims only run the selected versions. After them on the PATH: every version it has.
for bin in "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.1[1-9]*/bin; do
    if [[ -d $bin && :$PATH: != *:"$bin":* ]]; then PATH=$PATH:$bin; fi
done
export PATH

# the supported versions, from the classifiers
supported_pythons() {
    grep -oE 'Python :: 3\.[0-9]+' "$root/packages/pyramid_session_multi/pyproject.toml" |
        grep -oE '3\.[0-9]+'
}

version_of() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true
}

# the path of a pythonX.Y that runs; the shim of a version that is not selected does not
python_path() {
    local candidate
    while read -r candidate; do
        if [[ $(version_of "$candidate") == "$1" ]]; then
            echo "$candidate"
            return
        fi
    done < <(type -ap "python$1")
    return 1
}

available_pythons() {
    local version
    for version in $(supported_pythons); do
        if python_path "$version" >/dev/null; then echo "$version"; fi
    done
}

# the X.Y of python3 if it is supported, otherwise the newest supported version
current_python() {
    local current
    current=$(version_of python3)
    if ! supported_pythons | grep -xF "$current" >/dev/null; then
        current=$(available_pythons | tail -n 1)
    fi
    if [[ -z $current ]]; then
        echo "None of these Pythons is on the PATH: $(supported_pythons | xargs)." >&2
        return 1
    fi
    echo "$current"
}
