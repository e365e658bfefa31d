"""What `./souk WORD …` does: our few words of daily life, and every management command."""

import os
import sys

from backend import arguments as arguments_of_commands
from backend import translations

USAGE = """\
./souk demo [--port N] [--data DIR] [--reset]   the whole market on this machine, with demo data
./souk test [pytest arguments]                  the tests
./souk check                                    style, types, architecture, migrations, spelling
./souk prove [--json]                           check, test, every race, attack and kill in full, then a simulated life of 1,000 orders
./souk prove --list | --only W | --skip W       the names of its parts; only those that have these words, or all others
./souk prove --runs N [--json]                  only random lives of the money against a plain model, resumable
./souk prove --mutants [--json]                 only mistakes planted in the money's code, one by one: each must be found
./souk bench [--quick] [--json]                  how fast it is here, measured in a market that is thrown away
./souk backup [FILE]                            the whole market in one file, taken while it is open
./souk restore FILE [--data DIR] [--force]      a market from its backup
./souk COMMAND …                                any management command; ./souk help lists them
"""
# These work without a database, or bring it up to date themselves.
LEAVES_DATABASE_ALONE = {
    *("translate", "backup", "restore"),
    *("help", "version", "check", "makemigrations", "migrate", "squashmigrations", "optimizemigration", "showmigrations", "sqlmigrate"),
    *("makemessages", "compilemessages", "collectstatic", "findstatic", "diffsettings", "startapp", "spectacular", "test", "demo", "flush"),
}


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    word, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if word in {"", "-h", "--help"}:
        print(USAGE, end="")
        return 0
    if word == "worker":
        os.environ.setdefault("SOUK_PROCESS", "worker")
    if word == "simulate":
        os.environ.setdefault("SOUK_TESTING", "1")  # a simulation may move the clock of its own throw-away database
    if word == "restore" and "--data" in rest[:-1]:  # where the settings look for everything embedded
        os.environ["SOUK_DATA"] = rest[rest.index("--data") + 1]
    translations.refresh()
    arguments_of_commands.speak_plainly()
    if word == "bench":
        from backend.bench import launch as bench

        return bench.main(rest)
    if word == "demo":
        from backend.demo import launch

        return launch.main(rest)
    if word in {"test", "prove"} or (word == "check" and not rest):
        from backend import quality

        return quality.WORDS[word](rest)
    return manage(word, rest)


def manage(word: str, rest: list[str]) -> int:
    import django
    from django.core.management import execute_from_command_line

    from backend.env import EnvironmentInvalid
    from core.postgres import PostgresUnavailable

    try:
        if word not in LEAVES_DATABASE_ALONE and not {"-h", "--help", "--version"} & set(rest):
            django.setup()
            from backend import fresh

            fresh.migrate_when_embedded()
        execute_from_command_line(["souk", word, *rest])
    except (EnvironmentInvalid, PostgresUnavailable) as problem:
        print(f"souk: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
