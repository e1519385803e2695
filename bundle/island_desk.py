"""The built program's first line."""

from desk_app.boot.cli import main

if __name__ == "__main__":
    main()
