"""Signatures whose certificates and time stamps ran out, were renewed or revoked: the verdict of gongwen beside those of
the EU's Digital Signature Service and of pyHanko. All certificates are made here."""

import asyncio
import datetime
import http.server
import json
import os
import pathlib
import subprocess
import threading

import pytest
from asn1crypto import keys, tsp, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec, ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleCertificateStore, SimpleTrustManager

ROOT = pathlib.Path(__file__).resolve().parents[2]
GONGWEN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "gongwen"
PASSPHRASE = b"made by a test"
SIGNED = "2021-03-01T00:00:00Z"
NOW = "2026-01-01T00:00:00Z"


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


class Office:
    """A root, a signer and two time stamping authorities, of which the first runs out in 2023."""

    def __init__(self, folder, signer_to="2022-01-01"):
        self.folder = folder
        self.root_key = ec.generate_private_key(ec.SECP256R1())
        self.root = self.certificate("Root", self.root_key, "2019-01-01", "2050-01-01", None)
        self.signer_key = ec.generate_private_key(ec.SECP256R1())
        self.signer = self.certificate("Signer", self.signer_key, "2020-01-01", signer_to, "signing")
        self.authorities = {}
        for name, to in [("first", "2023-01-01"), ("second", "2040-01-01")]:
            # The authority of pyHanko has keys of this kind alone.
            key = rsa.generate_private_key(65537, 2048)
            self.authorities[name] = (self.certificate(f"Stamps {name}", key, "2020-01-01", to, "stamps"), key)
        (folder / "root.pem").write_bytes(pem(self.root))
        bundle = serialization.pkcs12.serialize_key_and_certificates(
            None, self.signer_key, self.signer, None, serialization.BestAvailableEncryption(PASSPHRASE)
        )
        (folder / "id.p12").write_bytes(bundle)
        (folder / "pass").write_bytes(PASSPHRASE)

    def certificate(self, name, key, since, to, purpose):
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = subject if purpose is None else self.root.subject
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(moment(f"{since}T00:00:00Z"))
            .not_valid_after(moment(f"{to}T00:00:00Z"))
            .add_extension(x509.BasicConstraints(purpose is None, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key()), critical=False
            )
        )
        authority = purpose is None
        builder = builder.add_extension(
            x509.KeyUsage(
                not authority, not authority and purpose == "signing", False, False, False, authority, authority,
                False, False,
            ),
            critical=True,
        )
        if purpose == "stamps":
            builder = builder.add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
            )
        return builder.sign(self.root_key, hashes.SHA256())

    def revocations(self, revoked=()):
        """A list of the root, of June 2021, with these certificates and times."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(moment("2021-06-01T00:00:00Z"))
            .next_update(moment("2021-12-31T00:00:00Z"))
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key()), critical=False
            )
        )
        for certificate, when in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(moment(when)).build())
        path = self.folder / f"crl-{len(list(self.folder.glob('crl-*')))}"
        path.write_bytes(builder.sign(self.root_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER))
        return path

    def stamper(self, name, when):
        certificate, key = self.authorities[name]
        load = asn1_x509.Certificate.load
        der = lambda one: load(one.public_bytes(serialization.Encoding.DER))
        private = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        store = SimpleCertificateStore()
        store.register(der(self.root))
        return timestamps.DummyTimeStamper(
            der(certificate), keys.PrivateKeyInfo.load(private), certs_to_embed=store, fixed_dt=moment(when)
        )


class Served:
    """A time stamping authority at an address of this machine."""

    def __init__(self, stamper):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                question = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
                answer = stamper.request_tsa_response(question).dump()
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self.url

    def __exit__(self, *_):
        self.server.shutdown()


def run(*arguments):
    subprocess.run([GONGWEN, *map(str, arguments), "--quiet"], check=True, capture_output=True)


def signed(office, stamp=None, renewals=(), revoked=(), more=()):
    """A file that gongwen signs, stamps and renews; revocation data are in it before each document time stamp."""
    folder, crl = office.folder, office.revocations(revoked)
    plain = folder / "letter.pdf"
    if not plain.exists():
        run("export", ROOT / "examples" / "letter.json", "--format", "pdf", "--signatories", "1", "-o", folder)
    out = folder / f"signed-{len(list(folder.glob('signed-*')))}.pdf"
    base = ["sign", plain, "-o", out, "--p12", folder / "id.p12", "--passphrase-file", folder / "pass"]
    base += ["--time", SIGNED, *more]
    lasting = ["--ltv", "--crl", crl, "--chain", folder / "root.pem"]
    if stamp is None:
        run(*base)
    else:
        with Served(office.stamper(*stamp)) as url:
            # What was revoked is not signed with; the proof is added afterwards.
            run(*base, "--timestamp", url, *([] if revoked else lasting))
    for name, when in renewals:
        with Served(office.stamper(name, when)) as url:
            stamp = ["sign", out, "-o", out.with_suffix(".new"), "--timestamp-only", "--timestamp", url]
            run(*stamp, *lasting, "--time", when)
        out.with_suffix(".new").replace(out)
    return out


def gongwen(office, path, when=NOW):
    command = [GONGWEN, "verify", path, "--trust", office.folder / "root.pem", "--time", when, "--json"]
    ran = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    found = json.loads(ran.stdout)
    assert {"holds": 0, "broken": 1, "unproved": 3}[found["verdict"]] == ran.returncode
    return found["verdict"]


def dss(office, *asked):
    arguments = [word for path, when in asked for word in (when, path)]
    command = [ROOT / "scripts" / "dss" / "check", office.folder / "root.pem", *arguments]
    ran = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
    return [line.split("\t")[0] for line in ran.stdout.splitlines()]


def pyhanko(office, path, when=None):
    """What pyHanko finds of the first signature as of this time, by default now, from what the file has."""
    root = asn1_x509.Certificate.load(office.root.public_bytes(serialization.Encoding.DER))
    trusted = SimpleTrustManager.build(trust_roots=[root])
    policy = lambda revocation: CertValidationPolicySpec(trusted, CertRevTrustPolicy(revocation))
    spec = SignatureValidationSpec(
        cert_validation_policy=policy(REQUIRE_REVINFO),
        # There are no data from now on whether the last authority was revoked.
        ts_cert_validation_policy=policy(NO_REVOCATION),
        revinfo_gathering_policy=RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
    )
    timing = when and ValidationTimingInfo(
        validation_time=moment(when), best_signature_time=moment(when), point_in_time_validation=True
    )
    with path.open("rb") as file:
        signature = PdfFileReader(file).embedded_regular_signatures[0]
        found = asyncio.run(
            ades_lta_validation(signature, PdfSignatureValidationSpec(spec, diff_policy=None), timing_info=timing)
        )
    return str(found.ades_subindic)


# What was made, the verdict of gongwen, and whether the others prove the signer.
FIRST = ("first", "2021-03-01T00:00:10Z")
SECOND = ("second", "2021-03-01T00:00:10Z")
CASES = {
    "stamped": ({"stamp": SECOND, "renewals": [("second", "2021-09-01T00:00:00Z")]}, "holds"),
    "stamp ran out": ({"stamp": FIRST, "renewals": [("first", "2021-09-01T00:00:00Z")]}, "unproved"),
    "renewed in time": ({"stamp": FIRST, "renewals": [("second", "2022-06-01T00:00:00Z")]}, "holds"),
    "renewed twice": (
        {"stamp": FIRST, "renewals": [("first", "2021-09-01T00:00:00Z"), ("second", "2022-06-01T00:00:00Z")]},
        "holds",
    ),
    "renewed too late": ({"stamp": FIRST, "renewals": [("second", "2023-06-01T00:00:00Z")]}, "unproved"),
    "a document time stamp alone": ({"renewals": [("second", "2021-09-01T00:00:00Z")]}, "holds"),
    "a document time stamp after its end": ({"renewals": [("second", "2022-06-01T00:00:00Z")]}, "unproved"),
    "no time stamp": ({}, "unproved"),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def files(office):
    return {name: signed(office, **made) for name, (made, _) in CASES.items()}


@pytest.fixture(scope="module")
def of_dss(office, files):
    return dict(zip(files, dss(office, *((path, NOW) for path in files.values())), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_gongwen(office, files, name):
    assert gongwen(office, files[name]) == CASES[name][1]


@pytest.mark.parametrize("name", CASES)
def test_the_digital_signature_service_agrees(of_dss, name):
    passed = of_dss[name].startswith("TOTAL_PASSED/")
    assert passed == (CASES[name][1] == "holds"), of_dss[name]
    assert passed or of_dss[name].startswith("INDETERMINATE/"), of_dss[name]


# pyHanko (0.38) proves an authority's certificate by a later time stamp only if revocation data were covered before the
# certificate ran out, and wants a time stamp over the signature itself; the other service does not.
OF_PYHANKO = ["stamped", "stamp ran out", "renewed too late", "a document time stamp after its end", "no time stamp"]


@pytest.mark.parametrize("name", OF_PYHANKO)
def test_pyhanko_agrees(office, files, name):
    found = pyhanko(office, files[name])
    assert ("PASSED" in found or "OK" in found) == (CASES[name][1] == "holds"), found


def test_while_certificates_are_valid_all_agree(office, files):
    when = "2021-12-01T00:00:00Z"
    assert gongwen(office, files["stamp ran out"], when) == "holds"
    assert dss(office, (files["stamp ran out"], when))[0].startswith("TOTAL_PASSED/")
    assert "OK" in pyhanko(office, files["stamp ran out"], when)


@pytest.mark.parametrize(("when", "verdict"), [("2021-02-01T00:00:00Z", "broken"), ("2021-05-01T00:00:00Z", "holds")])
def test_revoked_before_and_after_the_stamp(office, when, verdict):
    path = signed(office, stamp=SECOND, revoked=[(office.signer, when)], renewals=[("second", "2021-09-01T00:00:00Z")])
    assert gongwen(office, path) == verdict
    assert dss(office, (path, NOW))[0].startswith("TOTAL_PASSED/") == (verdict == "holds")


def test_a_certificate_that_had_run_out_before_signs_nothing(tmp_path):
    office = Office(tmp_path, signer_to="2021-01-01")
    path = signed(
        office, stamp=SECOND, renewals=[("second", "2021-09-01T00:00:00Z")], revoked=[(office.root, SIGNED)],
        more=["--allow", "expired"],
    )
    assert gongwen(office, path) == "unproved"
    assert not dss(office, (path, NOW))[0].startswith("TOTAL_PASSED/")


def test_what_pyhanko_makes_to_last_holds(office):
    """PAdES B-LTA by pyHanko: the same verdict, and its changes are permitted."""
    crl = office.revocations()
    root = asn1_x509.Certificate.load(office.root.public_bytes(serialization.Encoding.DER))
    from asn1crypto import crl as asn1_crl

    context = ValidationContext(
        trust_roots=[root], allow_fetching=False, crls=[asn1_crl.CertificateList.load(crl.read_bytes())],
        moment=moment("2021-07-01T00:00:00Z"),
    )
    metadata = signers.PdfSignatureMetadata(
        field_name="signatory-1", subfilter=fields.SigSeedSubFilter.PADES, use_pades_lta=True,
        embed_validation_info=True, validation_context=context,
    )
    signer = signers.SimpleSigner.load_pkcs12(office.folder / "id.p12", passphrase=PASSPHRASE)
    with (office.folder / "letter.pdf").open("rb") as file:
        out = signers.sign_pdf(
            IncrementalPdfFileWriter(file), metadata, signer=signer,
            timestamper=office.stamper("second", "2021-07-01T00:00:00Z"), existing_fields_only=True,
        )
    path = office.folder / "pyhanko-lta.pdf"
    path.write_bytes(out.getbuffer())
    assert gongwen(office, path) == "holds"
    assert dss(office, (path, NOW))[0].startswith("TOTAL_PASSED/")


def test_joint_documents_of_two_programs(office):
    """gongwen signs first, then pyHanko, which writes the date into the metadata; and gongwen adds a time stamp."""
    folder = office.folder
    run("export", ROOT / "examples" / "notice.json", "--format", "pdf", "--signatories", "2", "--embed-source", "-o", folder)
    key = ["--p12", folder / "id.p12", "--passphrase-file", folder / "pass"]
    run("sign", folder / "notice.pdf", "-o", folder / "one.pdf", *key, "--time", SIGNED)
    signer = signers.SimpleSigner.load_pkcs12(folder / "id.p12", passphrase=PASSPHRASE)
    metadata = signers.PdfSignatureMetadata(field_name="signatory-2", subfilter=fields.SigSeedSubFilter.PADES)
    with (folder / "one.pdf").open("rb") as file:
        out = signers.sign_pdf(IncrementalPdfFileWriter(file), metadata, signer=signer, existing_fields_only=True)
    both = folder / "both.pdf"
    both.write_bytes(out.getbuffer())
    assert gongwen(office, both, "2021-06-01T00:00:00Z") == "holds"
    command = [GONGWEN, "verify", both, "--trust", folder / "root.pem", "--time", "2021-06-01", "--json"]
    found = json.loads(subprocess.run(list(map(str, command)), capture_output=True, text=True).stdout)
    told = {change["message"]["code"] for change in found["signatures"][0]["changes"]}
    assert told == {"metadata-changed", "version-changed", "field-signed"} and found["reproduced"] == "yes"
    strict = subprocess.run([*map(str, command), "--strict"], capture_output=True, text=True)
    assert strict.returncode == 1
    ran = subprocess.run(["pdfsig", "-nocert", both], capture_output=True, text=True, check=True)
    assert ran.stdout.count("Signature is Valid.") == 2, ran.stdout
