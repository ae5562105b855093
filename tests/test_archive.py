"""What an archive is taken for: where it was packed, and what stands in the way of knowing it."""

from __future__ import annotations

from pathlib import Path

import pytest

from test_models import model, workflow
from tp_fix.models.publishing.archive import IN_TEMP, place

PACK = '- run: npm pack --pack-destination "$RUNNER_TEMP"'
UPLOAD = "- uses: actions/upload-artifact@v7\n  with: { name: pkg, path: '${{ runner.temp }}/*.tgz' }"
DOWNLOAD = "- uses: actions/download-artifact@v8\n  with: { name: pkg }"
PUBLISH = "- run: npm publish ./*.tgz"
SAME_JOB: list[tuple[str, tuple[str, ...] | None]] = [
    ("- run: npm pack\n- run: npm publish ./*.tgz", ("@octo/pkg",)),
    ("- run: npm pack && npm publish *.tgz", ("@octo/pkg",)),
    ("- run: npm pack\n- run: npm publish octo-pkg-1.2.3.tgz", ("@octo/pkg",)),
    ("- run: npm pack\n- run: npm publish other-1.2.3.tgz", None),
    ("- run: npm publish ./octo-pkg-1.2.3.tgz", None),
    (PACK + '\n- run: npm publish "$RUNNER_TEMP"/*.tgz', ("@octo/pkg",)),
    (PACK + "\n- run: npm publish ${{ runner.temp }}/*.tgz", ("@octo/pkg",)),
    (PACK + "\n- run: npm publish ./*.tgz", None),
    ("- run: npm pack ./tools\n- run: npm publish ./*.tgz", ("octo-tools",)),
    ("- run: npm pack tools\n- run: npm publish ./*.tgz", None),
    ("- run: npm pack\n  working-directory: tools\n- run: npm publish ./tools/*.tgz", ("octo-tools",)),
    ("- run: cd tools && npm pack\n- run: cd tools && npm publish ./*.tgz", ("octo-tools",)),
    ("- run: npm pack\n- run: npm pack ./tools\n- run: npm publish ./*.tgz", None),
    ("- run: npm publish ./*.tgz\n- run: npm pack", None),
    ("- run: npm pack --dry-run\n- run: npm publish ./*.tgz", None),
    ("- run: npm pack -w tools\n- run: npm publish ./*.tgz", None),
    ("- run: npm pack\n- run: npm publish $(ls *.tgz)", None),
]


@pytest.mark.parametrize(("steps", "names"), SAME_JOB)
def test_in_the_same_job(steps: str, names: tuple[str, ...] | None, tmp_path: Path) -> None:
    files = {**workflow(steps), "tools/package.json": '{"name": "octo-tools"}'}
    (found,) = model(tmp_path, files).publications
    assert found.names == names


OTHER_JOB: list[tuple[str, str, str, tuple[str, ...] | None]] = [
    (f"{PACK}\n{UPLOAD}", "build", f"{DOWNLOAD}\n{PUBLISH}", ("@octo/pkg",)),
    (f"{PACK}\n{UPLOAD}", "[build]", f"{DOWNLOAD}\n{PUBLISH}", ("@octo/pkg",)),
    (f"{PACK}\n{UPLOAD}", "other", f"{DOWNLOAD}\n{PUBLISH}", None),
    (f"{UPLOAD}\n{PACK}", "build", f"{DOWNLOAD}\n{PUBLISH}", None),
    (f"{PACK}\n{UPLOAD}".replace("pkg", "web"), "build", f"{DOWNLOAD}\n{PUBLISH}", None),
    (f"{PACK}\n{UPLOAD}\n{UPLOAD}", "build", f"{DOWNLOAD}\n{PUBLISH}", None),
    (f"{PACK}\n{UPLOAD}", "build", f"{DOWNLOAD}\n{DOWNLOAD}\n{PUBLISH}", None),
    (f"{PACK}\n{UPLOAD}", "build", f"{DOWNLOAD}\n{PUBLISH}".replace("./", "./dist/"), None),
    (
        f"{PACK}\n{UPLOAD}",
        "build",
        f"{DOWNLOAD[:-1]}, path: dist }}\n{PUBLISH.replace('./', './dist/')}",
        ("@octo/pkg",),
    ),
    (f"{PACK}\n{UPLOAD}", "build", f"{DOWNLOAD[:-1]}, run-id: 7 }}\n{PUBLISH}", None),
    (f"{PACK}\n{UPLOAD.replace('/*.tgz', '')}", "build", f"{DOWNLOAD}\n{PUBLISH}", ("@octo/pkg",)),
    (f"- run: npm pack\n{UPLOAD}", "build", f"{DOWNLOAD}\n{PUBLISH}", None),
    (
        "- run: npm pack\n" + UPLOAD.replace("${{ runner.temp }}/", ""),
        "build",
        f"{DOWNLOAD}\n{PUBLISH}",
        ("@octo/pkg",),
    ),
    (
        f"- run: npm pack ./dist --pack-destination $RUNNER_TEMP\n{UPLOAD}",
        "build",
        f"{DOWNLOAD}\n{PUBLISH}",
        ("@octo/pkg",),
    ),
]


@pytest.mark.parametrize(("build", "needs", "steps", "names"), OTHER_JOB)
def test_in_a_job_that_is_needed(
    build: str, needs: str, steps: str, names: tuple[str, ...] | None, tmp_path: Path
) -> None:
    files = workflow(steps, job=f"needs: {needs}")
    first = "".join(f"      {line}\n" for line in build.split("\n"))
    path = ".github/workflows/release.yml"
    files[path] += f"  build:\n    runs-on: ubuntu-latest\n    steps:\n{first}"
    (found,) = model(tmp_path, files).publications
    assert found.names == names


def test_an_archive_takes_its_registry_along_but_not_the_npmrc(tmp_path: Path) -> None:
    files = workflow(f"{DOWNLOAD}\n{PUBLISH}", job="needs: build")
    files[".github/workflows/release.yml"] += (
        f"  build:\n    runs-on: ubuntu-latest\n    steps:\n      {PACK}\n      "
        + UPLOAD.replace("\n", "\n      ")
        + "\n"
    )
    elsewhere = {**files, ".npmrc": "registry=https://octo.example/\n"}
    (found,) = model(tmp_path, elsewhere).publications
    assert found.registry.public is True
    configured = {**files, "package.json": '{"name": "a", "publishConfig": {"registry": "https://octo.example/"}}'}
    assert model(tmp_path, configured).publications == []


PLACES: list[tuple[str | None, str, str | None]] = [
    ("a", "", "a"),
    ("", "./dist", "dist"),
    ("a", '"$RUNNER_TEMP"', IN_TEMP),
    (None, "${RUNNER_TEMP}/x/", f"{IN_TEMP}/x"),
    ("", "${{runner.temp}}", IN_TEMP),
    ("", "$RUNNER_TEMP/$X", None),
    ("", "$RUNNER_TEMP/..", None),
    ("", "$RUNNER_TEMPORARY", None),
    ("", "/tmp", None),
    (None, "dist", None),
    ("a", "$GITHUB_WORKSPACE/dist", "dist"),
]


@pytest.mark.parametrize(("folder", "path", "expected"), PLACES)
def test_places(folder: str | None, path: str, expected: str | None) -> None:
    assert place(folder, path) == expected
