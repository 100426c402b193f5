/**
 * SQLite files of a home: opening, versions, transactions, and what their errors mean. May import common.fault. Thread rules are those of
 * each class.
 */
@NullMarked
package sago.sender.database;

import org.jspecify.annotations.NullMarked;
