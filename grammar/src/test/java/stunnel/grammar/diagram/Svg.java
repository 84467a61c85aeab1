package stunnel.grammar.diagram;

/** Collects the elements of a picture; all measures are pixels. */
final class Svg {
    private final StringBuilder elements = new StringBuilder();

    void path(String path) {
        elements.append("<path d=\"").append(path).append("\"/>\n");
    }

    void line(int fromX, int toX, int y) {
        if (fromX < toX) {
            path("M" + fromX + " " + y + "H" + toX);
        }
    }

    void box(int x, int y, int width, int height, int radius) {
        elements.append("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>\n"
                .formatted(x, y, width, height, radius));
    }

    void text(int x, int y, String kind, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        elements.append("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n".formatted(kind, x, y, escaped));
    }

    String document(String title, int width, int height) {
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">
                <title>%s</title>
                <style>
                svg { background: #ffffff }
                path { fill: none; stroke: #57606a; stroke-width: 1.5 }
                rect { fill: #ddf4ff; stroke: #57606a; stroke-width: 1.5 }
                rect[rx="12"] { fill: #fff8c5 }
                text { font: 13px monospace; fill: #1f2328; text-anchor: middle }
                text.name { font-weight: bold; text-anchor: start }
                </style>
                %s</svg>
                """.formatted(width, height, width, height, title, elements);
    }
}
