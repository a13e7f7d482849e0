"""The whole installation in one file, and back: rows and stored files as they were at one moment.

The file is a ZIP archive: `manifest.json` (version, migrations, counts, the SHA-256 of every part), the database
under `database/`, the stored files under `files/`. The secret key is not in it: keep that apart, as one keeps a
key apart from its safe."""
