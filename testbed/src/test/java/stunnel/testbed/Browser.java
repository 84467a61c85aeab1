package stunnel.testbed;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/** Alice's browser on the submit host: Debian's Chromium, without a screen. */
final class Browser implements AutoCloseable {
    /** Selenium warns that it cannot speak this Chromium's own protocol, beside WebDriver's. */
    private static final Logger DEVTOOLS = Logger.getLogger("org.openqa.selenium.devtools");

    static {
        DEVTOOLS.setLevel(Level.SEVERE);
    }

    private final ChromeDriver driver;
    private final Account alice;
    private final String home;

    private Browser(ChromeDriver driver, Account alice, String home) {
        this.driver = driver;
        this.alice = alice;
        this.home = home;
    }

    static Browser open(Account alice) {
        String home = alice.output("mktemp", "--directory");
        ChromeOptions options = new ChromeOptions()
                .setBinary(alice.testbed().script().resolveSibling("chromium").toFile())
                .addArguments(
                        "--remote-debugging-pipe",
                        "--headless",
                        "--window-size=1000,600",
                        // Its own sandbox needs namespaces that containers forbid; it sees no page but ours.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .withEnvironment(Map.of("BROWSER_HOME", home))
                .build();
        return new Browser(new ChromeDriver(service, options), alice, home);
    }

    void visit(String url) {
        driver.get(url);
    }

    /** Waits until the page has what the CSS selector finds. */
    void await(String selector) {
        Await.until(
                "%s is on %s".formatted(selector, driver.getCurrentUrl()),
                () -> !driver.findElements(By.cssSelector(selector)).isEmpty());
    }

    /** Clicks on what the CSS selector finds, once that is possible. */
    void click(String selector) {
        await(selector);
        Await.until("a click on %s is possible".formatted(selector), () -> {
            try {
                driver.findElement(By.cssSelector(selector)).click();
                return true;
            } catch (ElementNotInteractableException | StaleElementReferenceException e) {
                return false;
            }
        });
    }

    /** Goes on in the window that a click has opened. */
    void enterNewWindow() {
        String here = driver.getWindowHandle();
        Await.until("there is a new window", () -> driver.getWindowHandles().size() > 1);
        Set<String> windows = driver.getWindowHandles();
        windows.stream().filter(window -> !window.equals(here)).forEach(driver.switchTo()::window);
    }

    /** Writes where the cursor is. */
    void type(String text) {
        new Actions(driver).sendKeys(text).perform();
    }

    void pressShiftEnter() {
        new Actions(driver)
                .keyDown(Keys.SHIFT)
                .sendKeys(Keys.ENTER)
                .keyUp(Keys.SHIFT)
                .perform();
    }

    /** What is written in the place that the CSS selector finds, once it is there. */
    String text(String selector) {
        await(selector);
        return driver.findElement(By.cssSelector(selector)).getText();
    }

    void photograph(Path picture) {
        try {
            Files.write(picture, driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
        alice.output("rm", "--recursive", home);
    }
}
