package sago.bench.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines of a web server's access log in the combined format: client, time, request, status, bytes, referrer, agent, and a request id, with few
 * popular pages and many rare ones. LZ4 packs it about 2.4 : 1 and zstd at level 1 about 4 : 1, as real ones. Confined to one thread.
 */
final class LogContent extends LineContent {
    private static final int CLIENTS = 60_000;
    private static final int PAGES = 6_000;
    private static final byte[][] MONTHS = {bytes("Jan"), bytes("Feb"), bytes("Mar"), bytes("Apr"), bytes("May")};
    private static final byte[] PROTOCOL = bytes(" HTTP/1.1\" ");
    private static final byte[] DASHES = bytes(" - - [");
    private static final byte[] METHOD_GET = bytes(" +0000] \"GET ");
    private static final byte[] METHOD_POST = bytes(" +0000] \"POST ");
    private static final byte[] YEAR = bytes("/2026:");
    private static final byte[] QUERY = bytes("?session=");
    private static final byte[] UPSTREAM = bytes(" 10.0.3.");
    private static final byte[] NONE = bytes("-");
    private static final byte[] QUOTES = bytes("\" \"");
    private static final byte[][] STATUS = {bytes("200 "), bytes("200 "), bytes("200 "), bytes("304 "), bytes("404 ")};

    /** What is the same in all files of one data set. */
    static final class Site {
        private final byte[][] clients = new byte[CLIENTS][];
        private final byte[][] pages = new byte[PAGES][];
        private final byte[][] referrers = new byte[PAGES / 10][];
        private final byte[][] agents;

        Site(long seed) {
            Draw draw = Draw.of(seed, -1);
            for (int i = 0; i < CLIENTS; i++) {
                clients[i] = bytes(
                        (1 + draw.below(222)) + "." + draw.below(256) + "." + draw.below(256) + "." + draw.below(256));
            }
            String[] words = Words.of(draw, 400);
            for (int i = 0; i < PAGES; i++) {
                pages[i] = bytes("/" + words[draw.rank(20)] + "/" + words[draw.rank(400)] + "/" + words[draw.below(400)]
                        + "-" + draw.below(10_000) + (draw.below(3) == 0 ? ".html" : ""));
            }
            for (int i = 0; i < referrers.length; i++) {
                referrers[i] = bytes("https://www." + words[draw.rank(60)] + ".example"
                        + new String(pages[i], StandardCharsets.US_ASCII));
            }
            agents = agents(draw);
        }

        private static byte[][] agents(Draw draw) {
            String[] systems = {
                "Windows NT 10.0; Win64; x64",
                "X11; Linux x86_64",
                "Macintosh; Intel Mac OS X 10_15_7",
                "Linux; Android 13; Mobile"
            };
            List<byte[]> agents = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                int version = 90 + draw.below(30);
                agents.add(bytes("Mozilla/5.0 (" + systems[draw.below(systems.length)] + ") "
                        + (draw.below(3) == 0
                                ? "Gecko/20100101 Firefox/" + version + ".0"
                                : "Chrome/" + version + ".0." + draw.below(6000) + "." + draw.below(200)
                                        + " Safari/537.36")));
            }
            return agents.toArray(new byte[0][]);
        }
    }

    private final Site site;
    private final Draw draw;
    private final byte[] month;
    private long timeMs;

    LogContent(Site site, Draw draw) {
        this.site = site;
        this.draw = draw;
        this.month = MONTHS[draw.below(MONTHS.length)];
        this.timeMs = draw.below(86_400_000);
    }

    @Override
    int piece(byte[] to) {
        timeMs += draw.below(40);
        long second = timeMs / 1000;
        int at = put(to, 0, site.clients[draw.rank(CLIENTS)]);
        at = put(to, at, DASHES);
        at = digits(to, at, 1 + second / 86_400 % 28, 2);
        to[at++] = '/';
        at = put(to, at, month);
        at = put(to, at, YEAR);
        at = digits(to, at, second / 3600 % 24, 2);
        to[at++] = ':';
        at = digits(to, at, second / 60 % 60, 2);
        to[at++] = ':';
        at = digits(to, at, second % 60, 2);
        int page = draw.rank(PAGES);
        at = put(to, at, page % 16 == 15 ? METHOD_POST : METHOD_GET);
        at = put(to, at, site.pages[page]);
        if (draw.below(3) == 0) {
            at = put(to, at, QUERY);
            at = hex(to, at, draw.next(), 16);
        }
        at = put(to, at, PROTOCOL);
        at = put(to, at, STATUS[draw.below(STATUS.length)]);
        at = number(to, at, draw.below(60_000));
        to[at++] = ' ';
        to[at++] = '"';
        at = draw.below(3) > 0 ? put(to, at, NONE) : put(to, at, site.referrers[draw.rank(site.referrers.length)]);
        at = put(to, at, QUOTES);
        at = put(to, at, site.agents[draw.rank(site.agents.length)]);
        to[at++] = '"';
        to[at++] = ' ';
        at = number(to, at, draw.below(1_000_000));
        at = put(to, at, UPSTREAM);
        at = number(to, at, draw.below(50));
        to[at++] = ':';
        at = digits(to, at, 32_768 + draw.below(28_000), 5);
        to[at++] = ' ';
        at = hex(to, at, draw.next(), 16);
        at = hex(to, at, draw.next(), 16);
        to[at++] = '-';
        at = hex(to, at, draw.next(), 4);
        to[at++] = '\n';
        return at;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
