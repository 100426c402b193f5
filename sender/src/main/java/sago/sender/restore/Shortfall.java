package sago.sender.restore;

/** Ways in which a restored entry may fall short of the one in the snapshot though it is there. */
public enum Shortfall {
    OWNER("have another owner or group than in the snapshot: only root can give files away"),
    MODE("have another mode"),
    SPECIAL_BITS("lost setuid or setgid, because they have another owner than in the snapshot"),
    XATTR("lack extended attributes, ACLs or capabilities that this user or file system may not have"),
    TIME("have another time"),
    NODE("are pipes, sockets or devices that this user or file system may not have: they were left out");

    private final String words;

    Shortfall(String words) {
        this.words = words;
    }

    /** What is wrong with them: follows their number. */
    public String words() {
        return words;
    }
}
