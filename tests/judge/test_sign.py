"""Signed files, as pyHanko and poppler see them; and files that others changed, as gongwen sees them."""

import json
import os
import pathlib
import re
import subprocess

import pikepdf
import pytest
from asn1crypto import pem, x509
from conftest import JUDGE
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

ROOT = pathlib.Path(__file__).resolve().parents[2]
GONGWEN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "gongwen"
SIGNED = sorted(JUDGE.glob("signed-*a/*.pdf"))
TRUSTED = JUDGE / "signed-pki" / "root.pem"


def verify(path, *more):
    command = [GONGWEN, "verify", path, "--trust", TRUSTED, "--json", *more]
    ran = subprocess.run(command, capture_output=True, text=True)
    return ran.returncode, json.loads(ran.stdout) if ran.stdout else ran.stderr


def test_there_are_files_of_every_kind():
    assert len(SIGNED) == 46
    assert all(any(kind in path.name for path in SIGNED) for kind in ["seal", "pss", "stamped", "lasting", "invisible"])


@pytest.mark.parametrize("path", SIGNED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_pyhanko_calls_every_signature_valid(path):
    root = x509.Certificate.load(pem.unarmor(TRUSTED.read_bytes())[2])
    with path.open("rb") as file:
        signatures = PdfFileReader(file).embedded_signatures
        assert len(signatures) == (1 if "once" in path.name else 3 if "p384" in path.name or "again" in path.name else 2)
        for place, signature in enumerate(signatures):
            context = ValidationContext(trust_roots=[root], allow_fetching=False)
            status = validate_pdf_signature(signature, context)
            assert status.bottom_line and status.trusted, status.pretty_print_details()
            last = place == len(signatures) - 1
            if last and "lasting" not in path.name and "invisible" not in path.name:
                assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
                assert status.modification_level == ModificationLevel.NONE
            else:
                assert status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
                assert status.modification_level <= ModificationLevel.FORM_FILLING
            assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
        if "stamped" in path.name or "lasting" in path.name:
            assert status.timestamp_validity.valid and status.timestamp_validity.trusted


@pytest.mark.parametrize("path", SIGNED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_pdfsig_calls_every_signature_valid(path):
    ran = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=True)
    verdicts = re.findall(r"Signature Validation: (.*)", ran.stdout)
    assert verdicts and set(verdicts) == {"Signature is Valid."}, ran.stdout
    # What makes signatures last comes after the last of them.
    whole = "lasting" not in path.name and "twice-invisible" not in path.name
    assert ("Total document signed" in ran.stdout) == whole, ran.stdout


@pytest.mark.parametrize("path", SIGNED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_gongwen_agrees(path):
    code, found = verify(path)
    assert (code, found["verdict"]) == (0, "holds"), found
    assert {signature["verdict"] for signature in found["signatures"]} == {"holds"}, found
    if "lasting" in path.name:
        assert {signature["revocation"]["status"] for signature in found["signatures"]} == {"good"}, found
    if "3a" in path.parent.name:
        assert found["content"]["reproduced"] == "yes", found
    else:
        assert found["content"] is None


def test_pages_look_the_same_but_for_the_seal():
    """Signing changes nothing that is printed; the seal is seen where the export kept its place."""

    def pixels(path):
        command = ["pdftoppm", "-r", "30", "-gray", path]
        return subprocess.run(command, capture_output=True, check=True).stdout

    folder = JUDGE / "signed-2a"
    plain = pixels(folder / "unsigned" / "letter.pdf")
    assert pixels(folder / "letter-once-stamped.pdf") == plain
    assert pixels(folder / "letter-once-seal.pdf") != plain


def test_the_seal_lies_in_its_field():
    with pikepdf.open(JUDGE / "signed-2a" / "letter-once-seal.pdf") as pdf:
        field = pdf.Root.AcroForm.Fields[0]
        left, bottom, right, top = map(float, field.Rect)
        assert 40 / 25.4 * 72 <= right - left <= 45 / 25.4 * 72 and abs((right - left) - (top - bottom)) < 0.01
        assert list(map(float, field.AP.N.BBox)) == pytest.approx([0, 0, right - left, top - bottom], abs=0.01)


def test_rewritten_files_are_refused(tmp_path):
    """A program that saves the whole file anew breaks what was signed."""
    with pikepdf.open(JUDGE / "signed-2a" / "letter-twice.pdf") as pdf:
        pdf.save(tmp_path / "rewritten.pdf")
    code, found = verify(tmp_path / "rewritten.pdf")
    assert code == 1 and {signature["verdict"] for signature in found["signatures"]} == {"broken"}


def test_updates_of_other_programs_are_refused(tmp_path):
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    with (JUDGE / "signed-2a" / "letter-twice.pdf").open("rb") as file:
        writer = IncrementalPdfFileWriter(file)
        page = writer.root["/Pages"]["/Kids"][0]
        page["/MediaBox"] = generic.ArrayObject(map(generic.NumberObject, [0, 0, 300, 300]))
        writer.update_container(page)
        with (tmp_path / "cropped.pdf").open("wb") as out:
            writer.write(out)
    code, found = verify(tmp_path / "cropped.pdf")
    assert code == 1, found
    changes = [change for signature in found["signatures"][-1:] for change in signature["changes"]]
    # What it writes into the metadata is permitted; the page is not.
    assert {change["kind"] for change in changes if change["permitted"]} <= {"metadata"}
    assert any("第 1 页" in change["message"]["zh"] for change in changes if not change["permitted"])


def test_signatures_of_pyhanko_hold_and_what_they_forbid_is_forbidden(tmp_path):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    pki = JUDGE / "signed-pki"
    passphrase = (pki / "pass").read_text(encoding="utf-8").strip()
    signer = signers.SimpleSigner.load_pkcs12(pki / "rsa.p12", passphrase=passphrase.encode())
    for permissions, holds in [(fields.MDPPerm.NO_CHANGES, False), (fields.MDPPerm.FILL_FORMS, True)]:
        metadata = signers.PdfSignatureMetadata(
            field_name="signatory-1",
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=permissions,
        )
        certified = tmp_path / f"{permissions.name}.pdf"
        with (JUDGE / "signed-2a" / "unsigned" / "letter.pdf").open("rb") as file:
            out = signers.sign_pdf(IncrementalPdfFileWriter(file), metadata, signer=signer, existing_fields_only=True)
        certified.write_bytes(out.getbuffer())
        code, found = verify(certified)
        assert code == 0, found
        again = tmp_path / f"{permissions.name}-again.pdf"
        key = ["--p12", pki / "p256.p12", "--passphrase-file", pki / "pass"]
        sign = [GONGWEN, "sign", certified, "-o", again, *key, "--quiet"]
        # What the certification forbids is not signed without being asked to.
        assert subprocess.run(sign).returncode == (0 if holds else 1)
        assert again.exists() == holds
        subprocess.run([*sign, "--allow", "breaks-signature"], check=True)
        code, found = verify(again)
        verdicts = [signature["verdict"] for signature in found["signatures"]]
        assert verdicts == ["holds" if holds else "broken", "holds"], found
        assert code == (0 if holds else 1)
