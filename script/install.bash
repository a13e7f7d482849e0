# Sourced by the scripts beside it. Finds a Python and uv, or brings uv, and installs what is locked into .venv.
# Speaks on stderr only: standard output belongs to the command that was asked for.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Whether this command runs and is a Python that we can use. Being there is not enough: a version manager's shim may die.
is_python() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; }

# Whether this Python can make an environment with pip in it; Debian's needs another package for that.
makes_environments() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

find_python() {
  local candidate
  for candidate in python3.13 python3.12 python3.14 \
    "${HOME:-/}"/.pyenv/versions/3.1[234]*/bin/python3 \
    /usr/bin/python3.1[2-9] /usr/local/bin/python3.1[2-9] /opt/*/bin/python3.1[2-9] python3 python; do
    if is_python "$candidate"; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  return 1
}

find_uv() {
  local candidate
  for candidate in uv "$root/.uv/bin/uv" "${HOME:-}/.local/bin/uv" "${HOME:-}/.cargo/bin/uv"; do
    if (cd "$root" && "$candidate" --version) >/dev/null 2>&1; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

bring_uv() {
  makes_environments "$1" || die "Neither uv nor this Python's venv module is here.
Install uv (https://docs.astral.sh/uv/), or on Debian: apt-get install python3-venv"
  say "Bringing uv, the installer…"
  "$1" -m venv "$root/.uv"
  "$root/.uv/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.8' >&2 \
    || die "uv could not be installed with pip; the reason stands above."
}

# What an installation was made of: a changed lock file, or another description of the package, means another.
stamp_of() { cat "$root/pyproject.toml" "$root"/locked/*.txt | cksum | tr ' ' -; }

is_installed() {
  [ -f "$venv/installed" ] || return 1
  local what made
  read -r what made <"$venv/installed"
  [ "$made" = "$(stamp_of)" ] && { [ "$what" = "$1" ] || [ "$what" = dev ]; } && is_python "$venv/bin/python"
}

# install run|dev: the product's dependencies, or these and what developing needs.
install() {
  is_installed "$1" && return
  local python uv
  python=$(find_python) || python=
  uv=$(find_uv) || uv=
  if [ -z "$python" ] && [ -n "$uv" ]; then
    say "No Python 3.12 or newer was found; asking uv for one…"
    "$uv" python install 3.13 >&2 || true
    python=$("$uv" python find '>=3.12' 2>/dev/null) || python=
  fi
  [ -n "$python" ] || die "Evenweave needs Python 3.12 or newer and found none.
Looked on the path, in ~/.pyenv/versions, /usr/bin, /usr/local/bin and /opt. On Debian 13 or Ubuntu 24.04:
  apt-get install python3 python3-venv
Elsewhere see https://www.python.org/downloads/, then run this again."
  if [ -z "$uv" ]; then
    bring_uv "$python"
    uv=$root/.uv/bin/uv
  fi
  if ! is_python "$venv/bin/python"; then
    say "Making an environment with $("$python" --version)…"
    "$uv" venv --quiet --clear --python "$python" "$venv" >&2 || die "The environment could not be made; see above."
  fi
  say "Installing the locked dependencies…"
  rm -f "$venv/installed"
  "$uv" pip install --python "$venv/bin/python" --require-hashes -r "$root/locked/$1.txt" >&2 \
    || die "The dependencies could not be installed; the reason stands above."
  "$uv" pip install --quiet --python "$venv/bin/python" --no-deps -e "$root" >&2 \
    || die "Evenweave itself could not be installed; the reason stands above."
  printf '%s %s\n' "$1" "$(stamp_of)" >"$venv/installed"
}
