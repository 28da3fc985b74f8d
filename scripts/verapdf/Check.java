import java.io.File;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates files against profiles and prints the rules that fail: {@code Check PROFILE[,PROFILE…] FILE…}. */
public class Check {
    /** How many failures of one rule are kept. */
    private static final int KEPT = 3;

    public static void main(String[] arguments) {
        LogManager.getLogManager().reset();
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        boolean good = true;
        for (int index = 1; index < arguments.length; index++) {
            for (String profile : arguments[0].split(",")) {
                good &= check(profile, arguments[index]);
            }
        }
        System.exit(good ? 0 : 1);
    }

    private static boolean check(String profile, String path) {
        PDFAFlavour flavour = PDFAFlavour.fromString(profile);
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            System.err.println("check: no such profile: " + profile);
            System.exit(2);
        }
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(path), flavour);
                PDFAValidator validator =
                        Foundries.defaultInstance().createValidator(flavour, KEPT, false, true, false)) {
            ValidationResult result = validator.validate(parser);
            String verdict = result.isCompliant() ? "passes" : "FAILS";
            System.out.println(verdict + " " + profile + " " + path + " (" + result.getTotalAssertions() + " checks)");
            Map<String, String> failed = new TreeMap<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
                    failed.putIfAbsent(rule, assertion.getMessage() + "\n      " + assertion.getLocation().getContext());
                }
            }
            failed.forEach((rule, text) -> System.out.println("  " + rule + ": " + text));
            return result.isCompliant();
        } catch (Exception exception) {
            System.out.println("FAILS " + profile + " " + path + ": " + exception);
            return false;
        }
    }
}
