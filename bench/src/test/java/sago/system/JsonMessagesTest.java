package sago.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands tell programs: every line fits the schema, and exit codes and messages are those of docs/OPERATIONS.md. */
class JsonMessagesTest {
    /** A member's name where it is written down. */
    private static final Pattern MEMBER =
            Pattern.compile("\\.(?:put|putIfAny|list|object|bytes|time)\\(\\s*\"([a-z0-9_]+)\"(\\s*\\+)?");

    @TempDir
    private Path temp = Path.of("");

    private Command sago = new Command(temp);
    private MessageSchema schema;
    private final List<String> problems = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        Path outputs = Files.createDirectory(temp.resolve("outputs"));
        Files.writeString(path("passphrase"), "correct horse");
        sago = new Command(outputs)
                .with("SAGO_HOME", path("home").toString())
                .with("SAGO_PASSPHRASE_FILE", path("passphrase").toString())
                .with("SAGO_JSON", "1");
        schema = MessageSchema.read();
    }

    JsonMessagesTest() throws IOException {
        this.schema = MessageSchema.read();
    }

    private Path path(String name) {
        return temp.resolve(name);
    }

    private String at(String name) {
        return path(name).toString();
    }

    /** Runs a command, and holds all that it prints against the schema. */
    private Command.Outcome run(int exit, String... arguments) throws IOException, InterruptedException {
        Command.Outcome outcome = sago.run(arguments);
        String what = String.join(" ", arguments);
        assertThat(outcome.exit()).as(what + "\n" + outcome.err()).isEqualTo(exit);
        if (!List.of(arguments).contains("dump")) {
            check(what, outcome.out());
        }
        List<String> told =
                outcome.err().stream().filter(line -> line.startsWith("{")).toList();
        check(what, told);
        boolean isFailure = exit != 0 && exit != 3;
        assertThat(told.stream().filter(line -> line.contains("\"exit_error\"")))
                .as(what)
                .hasSize(isFailure ? 1 : 0);
        if (isFailure) {
            assertThat(told.get(told.size() - 1))
                    .as(what)
                    .contains("\"code\":" + exit + ",")
                    .doesNotContain("internal error");
        } else {
            assertThat(Stream.concat(outcome.out().stream(), told.stream())
                            .filter(line -> line.contains("\"summary\"")))
                    .as(what)
                    .hasSize(1);
        }
        return outcome;
    }

    private void check(String what, List<String> lines) {
        for (String line : lines) {
            schema.check(line).forEach(problem -> problems.add(what + ": " + problem));
        }
    }

    @Test
    void everyCommandSpeaksAsTheSchemaSays() throws Exception {
        Files.createDirectory(path("data"));
        Files.write(path("data/one"), new byte[100_000]);
        Files.write(path("data/two"), "two".repeat(10_000).getBytes(StandardCharsets.UTF_8));
        run(0, "version");
        run(0, "receiver", "version");
        run(0, "init", "--kit-out", at("kit"));
        run(0, "status");
        run(0, "snapshots");
        run(0, "kit", "verify", at("kit"));
        String[] init = {"receiver", "init", "--dir", at("site"), "--name", "sg", "--jurisdiction", "SG"};
        run(0, with(init, "--listen", "127.0.0.1:7662", "--request-out", at("request")));
        run(0, "site", "add", at("request"), "--address", "127.0.0.1:7662", "--yes", "--grant-out", at("grant"));
        run(0, "receiver", "grant", at("grant"), "--dir", at("site"));
        try (Command.Running site = sago.start("receiver", "run", "--dir", at("site"))) {
            site.until("\"start\"");
            withSite();
            check("receiver run", site.out());
        }
        assertThat(problems).isEmpty();
    }

    private static String[] with(String[] first, String... more) {
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
    }

    private void withSite() throws Exception {
        run(0, "backup", "--dataset", "users", at("data"));
        Files.write(path("data/two"), new byte[5_000]);
        run(0, "backup", "--dataset", "users", at("data"));
        run(0, "backup", "--dataset", "users", "--dry-run", at("data"));
        run(0, "snapshots");
        run(0, "verify");
        run(0, "status");
        run(0, "ls", "latest", "--long");
        run(0, "find", "two");
        run(0, "restore", "latest", "--target", at("back"));
        run(0, "restore", "latest", "--target", at("back"), "--dry-run");
        run(0, "dump", "latest", at("data/two"));
        run(0, "key", "list");
        Files.writeString(path("second"), "another one");
        run(0, "key", "add", "--label", "second", "--new-passphrase-file", at("second"));
        run(0, "key", "remove", "second");
        run(0, "key", "rotate", "--dataset", "users");
        run(0, "sender", "add", "web", "--dataset", "docs", "--class", "internal", "--out", at("web.sender"));
        run(0, "sender", "list");
        run(0, "sender", "revoke", "web");
        run(0, "sender", "rebuild", "--dataset", "users");
        run(0, "forget", "--dataset", "users", "--keep-last", "1", "--dry-run");
        run(0, "limit", "50M");
        run(0, "config", "show");
        run(0, "config", "check");
        run(18, "restore", "0123456789ab", "--dataset", "users", "--target", at("nowhere"));
        run(18, "dump", "latest", "/nothing/there", "--dataset", "users");
        run(18, "key", "remove", "nobody");
        run(11, "receiver", "run", "--dir", at("site"));
        Files.writeString(path("wrong"), "wrong horse");
        run(12, "key", "list", "--passphrase-file", at("wrong"));
        run(12, "kit", "verify", at("wrong"));
        Files.writeString(path("home/sender/catalog.db"), "no database at all");
        run(15, "snapshots");
    }

    @Test
    void commandsThatCannotBeginSayWhyInOneLineWithTheCodeOfTheTable() throws Exception {
        String[][] withoutHome = {
            {"snapshots"},
            {"status"},
            {"backup", at("x")},
            {"ls", "latest"},
            {"restore", "latest", "--target", at("t")},
            {"verify"},
            {"key", "list"},
            {"key", "rotate", "--dataset", "d"},
            {"sender", "list"},
            {"sender", "rebuild", "--dataset", "d"},
            {"find", "x"},
            {"diff", "latest", "latest"},
            {"dump", "latest", "/x"},
            {"forget", "--dataset", "d", "--keep-last", "1"}
        };
        for (String[] arguments : withoutHome) {
            run(10, arguments);
        }
        String[][] wrong = {
            {},
            {"frobnicate"},
            {"key"},
            {"config"},
            {"init"},
            {"backup", "--nonsense"},
            {"restore", "latest"},
            {"verify", "--read-data=0%"},
            {"receiver"},
            {"receiver", "init"},
            {"receiver", "run", "--dir", at("nothing")},
            {"receiver", "grant", "nonsense", "--dir", at("nothing")},
            {"site", "add", "nonsense", "--address", "a:1"},
            {"completion", "csh"},
            {"snapshots", "--config", at("nothing.yaml")},
            {"config", "show", "nothing"},
            {"recover", "--address", "127.0.0.1:1"},
            {"sender", "join", at("passphrase"), "--yes"}
        };
        for (String[] arguments : wrong) {
            run(2, arguments);
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void everyMemberThatCommandsWriteIsInTheSchema() throws IOException {
        Set<String> unknown = new TreeSet<>();
        Path top = ProjectClasses.top();
        List<Path> sources = new ArrayList<>();
        for (String folder : List.of(
                "sender/src/main/java/sago/sender/cli",
                "receiver/src/main/java/sago/receiver/cli",
                "common/src/main/java/sago/common/cli")) {
            try (Stream<Path> files = Files.walk(top.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        for (Path source : sources) {
            Matcher matcher = MEMBER.matcher(Files.readString(source));
            while (matcher.find()) {
                String name = matcher.group(1);
                boolean isKnown = matcher.group(2) == null
                        ? schema.members().contains(name)
                        : schema.members().stream().anyMatch(one -> one.startsWith(name));
                // Members of objects inside messages are described with those.
                if (!isKnown && !Set.of("new").contains(name)) {
                    unknown.add(source.getFileName() + ": " + name);
                }
            }
        }
        assertThat(sources).hasSizeGreaterThan(40);
        assertThat(unknown).isEmpty();
    }

    @Test
    void theCheckSeesWhatIsWrong() {
        String right = "{\"v\":1,\"message_type\":\"warning\",\"time\":\"2026-11-22T03:31:22.440Z\","
                + "\"run_id\":\"0b57bd76696e3360\",\"message\":\"m\"}";
        assertThat(schema.check(right)).isEmpty();
        assertThat(schema.check(right.replace("\"message\":\"m\"", "\"files\":1")))
                .hasSize(1);
        assertThat(schema.check(right.replace("\"m\"}", "\"m\",\"files\":\"1\"}")))
                .hasSize(1);
        assertThat(schema.check(right.replace("\"m\"}", "\"m\",\"filez\":1}"))).hasSize(1);
        assertThat(schema.check(right.replace("\"v\":1", "\"v\":2"))).hasSize(1);
        assertThat(schema.check(right.replace("T03", "x03"))).hasSize(1);
        assertThat(schema.check("sago: text")).hasSize(1);
    }
}
