package sago.common.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * SIGINT and SIGTERM for commands that stop in a tidy way. The JVM's shutdown hooks cannot tell a first signal from a second, nor set the
 * exit code; {@code sun.misc.Signal} can. It is reached by reflection because the compiler warns of it in a way that nothing silences.
 */
public final class Signals {
    private static final int EXIT_BASE = 128;

    private Signals() {}

    /**
     * From now on the first SIGINT or SIGTERM calls the action (on a thread of the JVM) with the signal's number; the second ends the process
     * at once with 130 or 143.
     *
     * @return false where this JVM has no such thing; its defaults then hold
     */
    public static boolean onStop(IntConsumer firstSignal) {
        return install("INT", firstSignal) && install("TERM", firstSignal);
    }

    private static boolean install(String name, IntConsumer firstSignal) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Method number = signalType.getMethod("getNumber");
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (!method.getName().equals("handle")) {
                            return method.getName().equals("hashCode") ? System.identityHashCode(proxy) : null;
                        }
                        received((int) number.invoke(arguments[0]), firstSignal);
                        return null;
                    });
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    private static void received(int number, IntConsumer firstSignal) {
        synchronized (Signals.class) {
            if (Received.count++ > 0) {
                Runtime.getRuntime().halt(EXIT_BASE + number);
            }
        }
        firstSignal.accept(number);
    }

    /** Signals belong to the process, so their count does too. Guarded by the class's monitor. */
    private static final class Received {
        private static int count;
    }
}
