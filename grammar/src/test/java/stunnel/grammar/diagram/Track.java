package stunnel.grammar.diagram;

import java.util.List;

/** A piece of railway: a train enters on the left and leaves on the right, at one height. */
sealed interface Track {
    /** The gap between two boxes, and between two rows. */
    int GAP = 12;

    /** The radius of a curve. */
    int CURVE = 10;

    int width();

    /** How far it reaches above the height of its ends. */
    int above();

    /** How far it reaches below. */
    int below();

    void draw(Svg svg, int x, int y);

    /** Nothing on the way. */
    record Straight() implements Track {
        @Override
        public int width() {
            return 0;
        }

        @Override
        public int above() {
            return 0;
        }

        @Override
        public int below() {
            return 0;
        }

        @Override
        public void draw(Svg svg, int x, int y) {}
    }

    /** A station: a rule, or a token with round ends. */
    record Station(String text, boolean isToken) implements Track {
        private static final int HALF_HEIGHT = 12;
        private static final int CHARACTER = 8;

        @Override
        public int width() {
            return text.length() * CHARACTER + 2 * GAP;
        }

        @Override
        public int above() {
            return HALF_HEIGHT;
        }

        @Override
        public int below() {
            return HALF_HEIGHT;
        }

        @Override
        public void draw(Svg svg, int x, int y) {
            svg.box(x, y - HALF_HEIGHT, width(), 2 * HALF_HEIGHT, isToken ? HALF_HEIGHT : 0);
            svg.text(x + width() / 2, y + 4, "station", text);
        }
    }

    /** One piece behind the other. */
    record Sequence(List<Track> tracks) implements Track {
        @Override
        public int width() {
            int width = GAP * Math.max(0, tracks.size() - 1);
            for (Track track : tracks) {
                width += track.width();
            }
            return width;
        }

        @Override
        public int above() {
            int above = 0;
            for (Track track : tracks) {
                above = Math.max(above, track.above());
            }
            return above;
        }

        @Override
        public int below() {
            int below = 0;
            for (Track track : tracks) {
                below = Math.max(below, track.below());
            }
            return below;
        }

        @Override
        public void draw(Svg svg, int x, int y) {
            int at = x;
            for (Track track : tracks) {
                if (at > x) {
                    svg.line(at, at + GAP, y);
                    at += GAP;
                }
                track.draw(svg, at, y);
                at += track.width();
            }
        }
    }

    /** One of several ways, the first of them straight on. */
    record Choice(List<Track> tracks) implements Track {
        @Override
        public int width() {
            int width = 0;
            for (Track track : tracks) {
                width = Math.max(width, track.width());
            }
            return width + 4 * CURVE;
        }

        @Override
        public int above() {
            return tracks.get(0).above();
        }

        @Override
        public int below() {
            int below = tracks.get(0).below();
            for (Track track : tracks.subList(1, tracks.size())) {
                below = Math.max(below + GAP + track.above(), 2 * CURVE) + track.below();
            }
            return below;
        }

        @Override
        public void draw(Svg svg, int x, int y) {
            int end = x + width();
            int below = 0;
            for (int i = 0; i < tracks.size(); i++) {
                Track track = tracks.get(i);
                int row = i == 0 ? 0 : Math.max(below + GAP + track.above(), 2 * CURVE);
                int start = x + 2 * CURVE;
                if (i == 0) {
                    svg.line(x, start, y);
                    svg.line(end - 2 * CURVE, end, y);
                } else {
                    int down = row - 2 * CURVE;
                    svg.path("M%d %dq10 0 10 10v%dq0 10 10 10".formatted(x, y, down));
                    svg.path("M%d %dq10 0 10 -10v%dq0 -10 10 -10".formatted(end - 2 * CURVE, y + row, -down));
                }
                track.draw(svg, start, y + row);
                svg.line(start + track.width(), end - 2 * CURVE, y + row);
                below = row + track.below();
            }
        }
    }

    /** A way that can be taken again. */
    record Loop(Track track) implements Track {
        @Override
        public int width() {
            return track.width() + 4 * CURVE;
        }

        @Override
        public int above() {
            return Math.max(track.above() + GAP, 2 * CURVE);
        }

        @Override
        public int below() {
            return track.below();
        }

        @Override
        public void draw(Svg svg, int x, int y) {
            int start = x + 2 * CURVE;
            int up = above() - 2 * CURVE;
            svg.line(x, start, y);
            track.draw(svg, start, y);
            svg.line(start + track.width(), x + width(), y);
            svg.path("M%d %dq-10 0 -10 -10v%dq0 -10 10 -10h%dq10 0 10 10v%dq0 10 -10 10"
                    .formatted(start, y, -up, track.width(), up));
        }
    }
}
