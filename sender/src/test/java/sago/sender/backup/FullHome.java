package sago.sender.backup;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import sago.common.durable.Disk;
import sago.common.durable.DiskFile;
import sago.common.durable.DurableFiles;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.index.ChunkIndex;

/** A home whose disk has no room as often as it is told: index, tree cache and checkpoint meet it. Thread-safe. */
final class FullHome {
    private static final Set<String> WRITES = Set.of("write", "create");

    private final HomeState home;
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile Runnable onFailure = () -> {};

    FullHome(HomeState home) {
        this.home = home;
    }

    /** So many writes find no room from now on. */
    void failures(int times) {
        left.set(times);
    }

    int failed() {
        return failed.get();
    }

    void onFailure(Runnable then) {
        onFailure = then;
    }

    HomeState state() {
        ChunkIndex index = wrap(ChunkIndex.class, home.index(), (proxy, method, arguments) -> {
            if (method.getName().equals("insert") && isFull()) {
                throw new FaultException(Fault.HOME_FULL, "the disk of the home folder is full");
            }
            return call(home.index(), method, arguments);
        });
        Disk real = Disk.real();
        Disk disk = wrap(Disk.class, real, (proxy, method, arguments) -> {
            requireRoom(method);
            Object answer = call(real, method, arguments);
            return answer instanceof DiskFile file ? wrap(file) : answer;
        });
        return new HomeState(
                home.catalog(), index, new DurableFiles(disk), home.treesFolder(), home.checkpointFolder());
    }

    private DiskFile wrap(DiskFile file) {
        return wrap(DiskFile.class, file, (proxy, method, arguments) -> {
            requireRoom(method);
            return method.isDefault()
                    ? InvocationHandler.invokeDefault(proxy, method, arguments)
                    : call(file, method, arguments);
        });
    }

    private void requireRoom(Method method) throws IOException {
        if (WRITES.contains(method.getName()) && isFull()) {
            throw new IOException("No space left on device");
        }
    }

    private boolean isFull() {
        if (left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
            return false;
        }
        failed.incrementAndGet();
        onFailure.run();
        return true;
    }

    private static <T> T wrap(Class<T> type, T real, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(real.getClass().getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
