package sago.common.durable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/** An open file of a simulated disk. Thread-safe by the disk's monitor. */
final class SimFile implements DiskFile {
    private final SimDisk disk;
    private final Path path;
    private final SimInode inode;
    private final boolean writable;
    private boolean closed;

    SimFile(SimDisk disk, Path path, SimInode inode, boolean writable) {
        this.disk = disk;
        this.path = path;
        this.inode = inode;
        this.writable = writable;
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
        synchronized (disk) {
            requireOpen(true);
            int length = from.remaining();
            SimDisk.Failure failure = disk.operate("write " + path + " +" + length);
            int done = failure == null ? length : length / 2;
            disk.requireRoom(position + done - inode.size());
            byte[] bytes = new byte[done];
            from.get(bytes);
            inode.write(position, bytes);
            if (failure == SimDisk.Failure.CRASH) {
                throw new IOException("power is off");
            }
            if (done == 0 && length > 0) {
                throw SimDisk.noSpace();
            }
            return done;
        }
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        synchronized (disk) {
            requireOpen(false);
            return inode.read(into, position);
        }
    }

    @Override
    public long size() throws IOException {
        synchronized (disk) {
            requireOpen(false);
            return inode.size();
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        synchronized (disk) {
            requireOpen(true);
            disk.operate("truncate " + path + " " + size);
            inode.truncate(size);
        }
    }

    @Override
    public void force() throws IOException {
        synchronized (disk) {
            requireOpen(true);
            try {
                disk.operate("force " + path);
            } catch (IOException e) {
                if (!disk.isOff()) {
                    inode.loseWrites();
                }
                throw e;
            }
            if (!disk.ignoresForce()) {
                inode.force();
            }
        }
    }

    @Override
    public void close() {
        synchronized (disk) {
            closed = true;
        }
    }

    private void requireOpen(boolean toWrite) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (disk.isOff()) {
            throw new IOException("power is off");
        }
        if (toWrite && !writable) {
            throw new IOException(path + " was opened for reading");
        }
    }
}
