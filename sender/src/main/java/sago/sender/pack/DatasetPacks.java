package sago.sender.pack;

import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.secret.SecretBytes;

/** What home knows, from what was signed and unlocked, about the packs of a dataset. Thread-safe. */
public interface DatasetPacks {
    VaultId vault();

    DatasetId dataset();

    /**
     * Length of a pack as a verified manifest stub names it; never what a site says.
     *
     * @throws FaultException NOT_FOUND where no stub names it
     */
    int length(PackId pack) throws FaultException;

    /**
     * Key of a session, lent; the owner closes it after the reader.
     *
     * @throws FaultException NOT_FOUND or WRONG_KEY where its header cannot be had or opened
     */
    SecretBytes sessionKey(SessionId session) throws FaultException, InterruptedException;
}
