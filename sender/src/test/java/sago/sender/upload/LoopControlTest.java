package sago.sender.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultEventExecutor;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

class LoopControlTest {
    private final DefaultEventExecutor loop = new DefaultEventExecutor();
    private final BlockingQueue<FaultException> broken = new LinkedBlockingQueue<>();
    private final LoopControl control = new LoopControl(loop, broken::add);

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void tellsOfATaskThatThrewAndRunsTheNextOne() throws Exception {
        control.execute(() -> {
            throw new IllegalStateException("never so");
        });
        FaultException told = broken.take();
        assertThat(told.fault()).isEqualTo(Fault.FATAL);
        assertThat(told).hasMessageContaining("never so");
        LinkedBlockingQueue<String> ran = new LinkedBlockingQueue<>();
        control.execute(() -> ran.add("next"));
        assertThat(ran.take()).isEqualTo("next");
    }

    @Test
    void tellsOfAClassThatIsGoneInALaterTask() throws Exception {
        control.schedule(
                () -> {
                    throw new NoClassDefFoundError("sago/Gone");
                },
                1);
        assertThat(broken.take()).hasMessageContaining("sago/Gone");
    }
}
