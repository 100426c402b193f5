package sago.sender.cli;

import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sago.sender.source.posix.PathBytes;
import sago.sender.tree.RawText;

/** Paths of any bytes, as {@link RawArguments} gives them. Any thread. */
final class PathConverter implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
        byte[] bytes = RawText.bytes(text);
        if (bytes.length == 0) {
            return Path.of("");
        }
        for (byte b : bytes) {
            if (b == 0) {
                throw new TypeConversionException("a path with a NUL byte");
            }
        }
        if (bytes[0] == '/') {
            return PathBytes.toPath(bytes);
        }
        byte[] absolute = new byte[bytes.length + 1];
        absolute[0] = '/';
        System.arraycopy(bytes, 0, absolute, 1, bytes.length);
        Path path = PathBytes.toPath(absolute);
        return path.subpath(0, path.getNameCount());
    }
}
