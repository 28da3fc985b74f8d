import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.File;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/** What the EU's Digital Signature Service says of the signatures of PDF files, offline and by its usual policy. */
public class Check {
    /** ROOT.pem, then for each file its time of validation (2026-01-01T00:00:00Z) and its path; a line for each file. */
    public static void main(String[] arguments) {
        CertificateToken root = DSSUtils.loadCertificate(new File(arguments[0]));
        for (int place = 1; place + 1 < arguments.length; place += 2) {
            CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
            trusted.addCertificate(root);
            CommonCertificateVerifier verifier = new CommonCertificateVerifier();
            verifier.setTrustedCertSources(trusted);
            verifier.setAIASource(null);
            SignedDocumentValidator validator =
                SignedDocumentValidator.fromDocument(new FileDocument(arguments[place + 1]));
            validator.setCertificateVerifier(verifier);
            validator.setValidationTime(Date.from(Instant.parse(arguments[place])));
            SimpleReport report = validator.validateDocument().getSimpleReport();
            List<String> found = new ArrayList<>();
            for (String id : report.getSignatureIdList()) {
                found.add(report.getIndication(id) + "/" + report.getSubIndication(id) + "/"
                    + report.getSignatureFormat(id));
            }
            System.out.println(String.join(" ", found) + "\t" + arguments[place + 1]);
        }
    }
}
