package sago.system;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.fault.FaultException;
import sago.common.id.SessionId;
import sago.common.net.Transports;
import sago.common.secret.SecretBytes;
import sago.common.time.Clock;
import sago.common.trust.GrantPins;
import sago.sender.keys.ClientCredential;
import sago.sender.keys.DatasetKeys;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Kit;
import sago.sender.keys.SenderHome;
import sago.sender.keys.SiteAddress;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.SlotCost;
import sago.sender.keys.Vault;
import sago.sender.seal.AeadProviders;
import sago.sender.seal.SealedSession;
import sago.sender.seal.SessionKeys;
import sago.sender.seal.SessionScope;
import sago.sender.upload.SessionOpening;
import sago.sender.upload.SiteClient;

/** A real home with one dataset and one site that it was introduced to. For one thread. */
final class HomeUnderTest implements AutoCloseable {
    static final String DATASET = "users";

    private static final SlotCost CHEAP = new SlotCost(64, 1, 1);

    private final SecureRandom random = new SecureRandom();
    private final Transports transports = Transports.open(2, "home");
    private final Vault vault;
    private final SenderHome home;
    private final DatasetKeys dataset;

    /** Makes the home and introduces it and the site to each other. */
    HomeUnderTest(Path folder, SiteUnderTest site, int port) throws IOException {
        HomeContext context =
                new HomeContext(folder, new DurableFiles(Disk.real()), random, Clock.system(), AeadProviders.choose());
        try (Kit kit = Kit.generate(random);
                SecretBytes passphrase = SecretBytes.of("open sesame".getBytes(StandardCharsets.UTF_8))) {
            vault = Vault.create(context, kit, passphrase, CHEAP);
        }
        vault.createDataset(DATASET, "internal");
        site.grant(
                GrantPins.text(vault.addSite(site.request(), new SiteAddress("127.0.0.1", port), List.of("internal"))));
        home = SenderHome.open(context);
        dataset = home.dataset(DATASET);
    }

    SenderHome home() {
        return home;
    }

    DatasetKeys dataset() {
        return dataset;
    }

    SiteEndpoint site() throws IOException {
        return home.sites().get(0);
    }

    SiteClient appender() throws IOException {
        return client(site(), home.appendCredential(dataset));
    }

    SiteClient reader() throws IOException {
        return client(site(), vault.restoreCredential());
    }

    SiteClient auditor() throws IOException {
        return client(site(), home.auditCredential());
    }

    SiteClient client(SiteEndpoint site, ClientCredential credential) throws FaultException {
        return new SiteClient(site, credential, transports, Clock.system(), "sago test");
    }

    /** A fresh session of the dataset. */
    SessionOpening session() throws FaultException {
        return session(SessionId.random(random));
    }

    /** A session of this id, with a key of its own. */
    SessionOpening session(SessionId session) throws FaultException {
        SessionScope scope = new SessionScope(
                home.vault(), dataset.dataset(), dataset.grant().keyEpoch(), session);
        SealedSession sealed = SessionKeys.create(scope, dataset.grant().publicKey(), random);
        sealed.key().close();
        ByteString header = sealed.header();
        return new SessionOpening(dataset.grant(), session, header, home.signingKey());
    }

    @Override
    public void close() {
        home.close();
        vault.close();
        transports.close();
    }
}
