"""What is said about provenance, and by which client it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden import lay
from tp_fix.facts.provenance import ROWS
from tp_fix.git.listing import walk
from tp_fix.models.model import Model
from tp_fix.models.publishing.attested import decides, is_restricted, reader_of, sayings
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import Repository

YARN = "yarn@4.18.1"
PNPM = "pnpm@11.28.11"


def only(step: str, root: Path, manager: str = "", manifest: str = "", **files: str) -> tuple[Publication, Model]:
    """The one publication of a job whose last step is `step`."""
    head = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v7\n"
    head += "      - uses: actions/setup-node@v7\n        with: {node-version: 24}\n"
    manager = f', "packageManager": "{manager}"' if manager else ""
    laid = {
        ".github/workflows/a.yml": f"{head}      - {step}\n".encode(),
        "package.json": f'{{"name": "@octo/a", "version": "1.0.0"{manager}{manifest}}}'.encode(),
        **{name: text.encode() for name, text in files.items()},
    }
    place = lay(laid, root)
    model = Model(Repository(str(place), walk(str(place))))
    (publication,) = model.publications
    return publication, model


@pytest.mark.parametrize(
    ("manager", "step", "manifest", "files", "value"),
    [
        ("", "run: npm publish --provenance", ', "publishConfig": {"provenance": false}', {}, True),
        ("", "run: npm publish", ', "publishConfig": {"provenance": true}', {".npmrc": "provenance=false\n"}, True),
        ("", "{run: npm publish, env: {npm_config_provenance: 'true'}}", "", {".npmrc": "provenance=false\n"}, True),
        ("", "{run: npm publish, env: {YARN_NPM_PUBLISH_PROVENANCE: 'true'}}", "", {}, None),
        ("", "run: npm publish", "", {"pnpm-workspace.yaml": "provenance: true\n"}, None),
        (YARN, "run: yarn npm publish --provenance", "", {}, True),
        (YARN, "run: yarn npm publish", ', "publishConfig": {"provenance": true}', {}, True),
        (YARN, "{run: yarn npm publish, env: {NPM_CONFIG_PROVENANCE: 'true'}}", "", {}, None),
        (YARN, "{run: yarn npm publish, env: {yarn_npm_publish_provenance: '1'}}", "", {}, True),
        (YARN, "run: yarn npm publish", "", {".yarnrc.yml": "npmPublishProvenance: true\n"}, True),
        (YARN, "run: yarn npm publish", "", {".yarnrc.yml": "npmPublishProvenance: [\n"}, None),
        (YARN, "run: yarn npm publish", "", {".npmrc": "provenance=true\n"}, None),
        (PNPM, "run: pnpm publish", ', "publishConfig": {"provenance": true}', {}, None),
        (PNPM, "{run: pnpm publish, env: {NPM_CONFIG_PROVENANCE: 'false'}}", "", {}, None),
        (PNPM, "{run: pnpm publish, env: {PNPM_CONFIG_PROVENANCE: 'false'}}", "", {}, False),
        (PNPM, "run: pnpm publish", "", {"pnpm-workspace.yaml": "provenance: false\n"}, False),
        ("pnpm@10.34.9", "{run: pnpm publish, env: {NPM_CONFIG_PROVENANCE: 'false'}}", "", {}, False),
    ],
)
def test_what_counts(
    manager: str, step: str, manifest: str, files: dict[str, str], value: bool | None, tmp_path: Path
) -> None:
    publication, model = only(step, tmp_path / "r", manager, manifest, **files)
    reader = reader_of(publication)
    assert reader is not None
    counts = decides(sayings(publication, model.repository), reader)
    assert (counts.value if counts is not None else None) is value


@pytest.mark.parametrize(
    ("step", "manifest", "restricted"),
    [
        ("run: npm publish", "", False),
        ("run: npm publish", ', "publishConfig": {"access": "restricted"}', True),
        ("run: npm publish --access public", ', "publishConfig": {"access": "restricted"}', False),
        ("run: npm publish --access=restricted", "", True),
        ("run: npm publish --access ${{ inputs.access }}", ', "publishConfig": {"access": "restricted"}', False),
    ],
)
def test_what_is_restricted(step: str, manifest: str, restricted: bool, tmp_path: Path) -> None:
    publication, _ = only(step, tmp_path / "r", "", manifest)
    assert is_restricted(publication) is restricted


def test_a_client_of_an_unknown_version_reads_nobody_knows_what(tmp_path: Path) -> None:
    assert reader_of(only("run: yarn npm publish", tmp_path / "y")[0]) is None
    assert reader_of(only("run: pnpm publish", tmp_path / "p")[0]) is None


def test_yarn_s_settings_are_not_npm_s(tmp_path: Path) -> None:
    step = "{run: yarn npm publish, env: {NPM_CONFIG_PROVENANCE: 'false', YARN_NPM_PUBLISH_PROVENANCE: 'true'}}"
    assert only(step, tmp_path / "r", YARN)[0].provenance is True


def test_every_row_has_its_source_and_its_day() -> None:
    assert all(row.source[:2] in ("S ", "X ") and row.checked.startswith("20") for row in ROWS)
