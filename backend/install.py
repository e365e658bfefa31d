"""Makes the virtual environment from the hashed lock file. Runs on the bare Python of the machine: standard library only."""

import fcntl
import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path


def main(venv: Path, lock: Path) -> int:
    if problem := missing_on_this_machine():
        print(problem, file=sys.stderr)
        return 2
    with Path(f"{venv}.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)  # two commands at once: the second waits and finds the work done
        stamp = venv / "installed.lock"
        if stamp.exists() and filecmp.cmp(stamp, lock, shallow=False):
            return 0
        return install(venv, lock, stamp)


def missing_on_this_machine() -> str:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return f"Python's venv module is missing on this machine. Type:  sudo apt install python{version}-venv"
    return ""


def install(venv: Path, lock: Path, stamp: Path) -> int:
    print(f"Installing Souk's libraries into {venv} (once; a minute or two) …", file=sys.stderr, flush=True)
    python = venv / "bin" / "python"
    try:
        if not python.exists():
            shutil.rmtree(venv, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        # Python compiles what it imports by itself; compiling everything first would double the wait.
        subprocess.run([*pip, "--no-compile", "--prefer-binary", "--no-deps", "--require-hashes", "-r", str(lock)], check=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        print(
            f"\nThe libraries could not be installed ({problem}).\n"
            f"Is the network there? Is {venv.parent} writable, with 1 GB free? Then run the same command again.",
            file=sys.stderr,
        )
        return 2
    shutil.copyfile(lock, f"{stamp}.new")
    os.replace(f"{stamp}.new", stamp)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
    except KeyboardInterrupt:
        sys.exit(130)
