package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sago.bench.data.Change;
import sago.bench.data.DataSet;
import sago.bench.data.DataSets;

/**
 * What is backed up: a folder or, for images, a file. Generated data and copies are ours to change and to delete; what the user named is only read.
 *
 * @param name as in result files
 * @param path where it stands, absolute
 * @param isImage one file that is the image of a disk
 * @param description for the result file
 */
record Material(String name, Path path, boolean isImage, Folders.Contents contents, Map<String, Object> description) {
    /** How a user names data. */
    record Wanted(String text, boolean isImage, long seed) {}

    /**
     * Generates a data set, or takes the user's folder.
     *
     * @param place a folder that does not exist yet
     * @param isChanged whether it will be changed, so that the user's folder has to be copied
     */
    static Material prepare(Wanted wanted, Path place, boolean isChanged) throws IOException, InterruptedException {
        if (DataSets.isDataSet(wanted.text())) {
            DataSet set = DataSets.parse(wanted.text(), wanted.seed());
            DataSet.Contents contents = set.generate(place);
            Path path = place;
            if (wanted.isImage()) {
                path = onlyFile(place);
            }
            return new Material(
                    set.name(),
                    path,
                    wanted.isImage(),
                    new Folders.Contents(contents.files(), contents.entries(), contents.bytes()),
                    set.describe(contents));
        }
        Path given = Path.of(wanted.text()).toRealPath();
        Path path = given;
        if (isChanged) {
            Files.createDirectories(place.getParent());
            copy(given, place);
            path = place;
        }
        Folders.Contents contents = Folders.contents(path);
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("name", given.toString());
        description.put("files", contents.files());
        description.put("entries", contents.entries());
        description.put("bytes", contents.bytes());
        return new Material(given.toString(), path, wanted.isImage(), contents, description);
    }

    private static Path onlyFile(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            List<Path> all = files.toList();
            if (all.size() != 1 || !Files.isRegularFile(all.get(0))) {
                throw new IOException("an image is one file: say image:4G, or name a file");
            }
            return all.get(0);
        }
    }

    /** All of a folder, as it is, to a place that does not exist yet. */
    static void copy(Path from, Path to) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("cp", "-a", "--reflink=auto", from.toString(), to.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(
                    "cannot copy " + from + ", which has to be copied because the case 'changed' changes it");
        }
    }

    /** The change of the case that is named after it, the same in every round. */
    Change change() throws IOException {
        return Change.of(path, 1);
    }

    /** Brings all of it into the page cache. */
    void warm() throws IOException {
        Folders.read(path);
    }
}
