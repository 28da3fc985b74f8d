"""Makes signed files to be judged, with keys and certificates of its own and servers on this machine.

    signed.py GONGWEN EXAMPLES TARGET

TARGET-2a and TARGET-3a get the files, TARGET-archive and TARGET-archive-bodies bags, TARGET-pki the certificates. The names of the files say what they are: one or
more of `once`, `twice` (a second body signs beside the first), `stamped` (B-T), `lasting` (B-LT), `seal`, `pss`,
`invisible`.
"""

import datetime
import http.server
import os
import pathlib
import subprocess
import sys
import threading

from asn1crypto import keys as asn1keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
PASSPHRASE = "口令 secret"


def name(common):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "样例"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


class Identity:
    """A key and its certificate; without an issuer it vouches for itself."""

    def __init__(self, common, key, issuer=None, purpose=None, ocsp_url=None):
        self.key, self.issuer = key, issuer
        usage = dict.fromkeys(
            [
                "digital_signature",
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "key_cert_sign",
                "crl_sign",
                "encipher_only",
                "decipher_only",
            ],
            False,
        )
        for use in ["digital_signature", "content_commitment"] if issuer else ["key_cert_sign", "crl_sign"]:
            usage[use] = True
        builder = (
            x509.CertificateBuilder()
            .subject_name(name(common))
            .issuer_name(issuer.certificate.subject if issuer else name(common))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - DAY)
            .not_valid_after(NOW + 365 * DAY)
            .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**usage), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        if issuer:
            above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
            builder = builder.add_extension(above, critical=False)
        if purpose:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        if ocsp_url:
            url = x509.UniformResourceIdentifier(ocsp_url)
            access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, url)
            builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        self.certificate = builder.sign(issuer.key if issuer else key, hashes.SHA256())

    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def key_der(self):
        return self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def p12(self):
        closed = serialization.BestAvailableEncryption(PASSPHRASE.encode())
        return pkcs12.serialize_key_and_certificates(
            b"key", self.key, self.certificate, [self.issuer.certificate], closed
        )

    def p12_of_old_programs(self):
        closed = (
            serialization.PrivateFormat.PKCS12.encryption_builder()
            .kdf_rounds(1000)
            .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
            .hmac_hash(hashes.SHA1())
            .build(PASSPHRASE.encode())
        )
        return pkcs12.serialize_key_and_certificates(
            b"key", self.key, self.certificate, [self.issuer.certificate], closed
        )


def serve(answer):
    """A server on this machine that answers the bodies of requests; its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def time_stamper(identity, root):
    store = SimpleCertificateStore()
    store.register(asn1x509.Certificate.load(root.der()))
    stamper = DummyTimeStamper(
        tsa_cert=asn1x509.Certificate.load(identity.der()),
        tsa_key=asn1keys.PrivateKeyInfo.load(identity.key_der()),
        certs_to_embed=store,
    )
    return lambda body: stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump()


def ocsp_answerer(identities, root):
    def answer(body):
        serial = ocsp.load_der_ocsp_request(body).serial_number
        about = next(one.certificate for one in identities() if one.certificate.serial_number == serial)
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=about,
            issuer=root.certificate,
            algorithm=hashes.SHA1(),
            cert_status=ocsp.OCSPCertStatus.GOOD,
            this_update=NOW,
            next_update=NOW + DAY,
            revocation_time=None,
            revocation_reason=None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, root.certificate)
        return builder.sign(root.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    return answer


def main():
    gongwen, examples, target = sys.argv[1:]
    examples = pathlib.Path(examples)
    pki = pathlib.Path(f"{target}-pki")
    pki.mkdir(parents=True, exist_ok=True)
    root = Identity("样例根", ec.generate_private_key(ec.SECP256R1()))
    stamper = Identity(
        "样例时间戳",
        rsa.generate_private_key(65537, 2048),
        root,
        purpose=ExtendedKeyUsageOID.TIME_STAMPING,
    )
    signers = {}
    answers = serve(ocsp_answerer(signers.values, root))
    signers["rsa"] = Identity("某市人民政府办公室", rsa.generate_private_key(65537, 3072), root, ocsp_url=answers)
    signers["p256"] = Identity("某市财政局", ec.generate_private_key(ec.SECP256R1()), root)
    signers["p384"] = Identity("某市教育局", ec.generate_private_key(ec.SECP384R1()), root)
    stamps = serve(time_stamper(stamper, root))
    (pki / "root.pem").write_bytes(root.pem())
    (pki / "pass").write_text(PASSPHRASE + "\n", encoding="utf-8")
    (pki / "rsa.p12").write_bytes(signers["rsa"].p12())
    (pki / "p256.p12").write_bytes(signers["p256"].p12_of_old_programs())
    (pki / "p384.p12").write_bytes(signers["p384"].p12())
    crl = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.certificate.subject)
        .last_update(NOW)
        .next_update(NOW + 30 * DAY)
        .sign(root.key, hashes.SHA256())
    )
    (pki / "root.crl").write_bytes(crl.public_bytes(serialization.Encoding.DER))
    environment = {**os.environ}
    environment.pop("GONGWEN_PASSPHRASE", None)

    def run(*arguments):
        subprocess.run([gongwen, *map(str, arguments), "--quiet"], check=True, env=environment)

    def sign(source, out, key, *more):
        run("sign", source, "-o", out, "--p12", pki / f"{key}.p12", "--passphrase-file", pki / "pass", *more)

    seal = examples / "images" / "seal-sample.png"
    stamp = ["--timestamp", stamps]
    lasting = [*stamp, "--ltv", "--crl", pki / "root.crl", "--chain", pki / "root.pem"]
    for level, options in [("2a", []), ("3a", ["--embed-source"])]:
        folder = pathlib.Path(f"{target}-{level}")
        for stem in ["letter", "qingzhen-2023", "every-block"]:
            plain = folder / "unsigned" / f"{stem}.pdf"
            run(
                *["export", examples / f"{stem}.json", "--format", "pdf", "--signatories", 3],
                *["-o", plain.parent, *options],
            )
            # Only the letter keeps a place for a seal.
            sealed = ["--seal", seal] if stem == "letter" else []
            once = folder / f"{stem}-once{'-seal' if sealed else ''}.pdf"
            sign(plain, once, "rsa", "--reason", "同意发布", "--location", "某市", *sealed)
            twice = folder / f"{stem}-twice.pdf"
            sign(once, twice, "p256")
            sign(twice, folder / f"{stem}-twice-p384.pdf", "p384")
            sign(plain, folder / f"{stem}-once-pss.pdf", "rsa", "--pss")
            stamped = folder / f"{stem}-once-stamped.pdf"
            sign(plain, stamped, "p384", *stamp)
            kept = folder / f"{stem}-twice-lasting.pdf"
            sign(stamped, kept, "rsa", *lasting)
            sign(kept, folder / f"{stem}-lasting-signed-again.pdf", "p256", *lasting)
        bare = folder / "unsigned" / "bare"
        run("export", examples / "letter.json", "--format", "pdf", "-o", bare, *options)
        invisible = folder / "letter-once-invisible.pdf"
        sign(bare / "letter.pdf", invisible, "p256")
        sign(invisible, folder / "letter-twice-invisible.pdf", "rsa", *lasting)
    key = ["--p12", pki / "p256.p12", "--passphrase-file", pki / "pass"]
    report = examples / "qingzhen-2023.json"
    run("archive", report, "-o", f"{target}-archive", *key, *lasting)
    bodies = pathlib.Path(f"{target}-3a") / "qingzhen-2023-twice-lasting.pdf"
    run("archive", report, "-o", f"{target}-archive-bodies", "--signed", bodies, "--trust", pki / "root.pem")


if __name__ == "__main__":
    main()
