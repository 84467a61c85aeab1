package stunnel.bench;

/** What a JVM costs that does nothing. */
final class Hello {
    private Hello() {}

    public static void main(String[] arguments) {
        System.out.println("hello");
    }
}
