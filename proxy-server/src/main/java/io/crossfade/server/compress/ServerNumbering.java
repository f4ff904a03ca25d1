package io.crossfade.server.compress;

import io.crossfade.server.protocol.AnswerShape;
import io.crossfade.server.protocol.CommandType;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The numbers on the leg to the client, where the proxy is the server. A command's compressed
 * packets are counted from 0, and its answer's go on from there. A client may send commands before
 * the answers to earlier ones have come, so what each is to be answered with is kept.
 *
 * <p>Packets inside get the sequence ids that MySQL expects without compression: with it, clients
 * count them after the compressed ones, which are fewer.
 */
final class ServerNumbering implements Numbering {
  private final Deque<Turn> turns = new ArrayDeque<>();
  private int lastReceived = -1;
  private int lastSent = -1;
  private boolean commandDue;
  private boolean commands;
  private boolean silent;
  private int clientSequence;
  private int serverSequence;
  private boolean sentSince;

  /** The server's turn to speak: the first sequence id and the first number it uses. */
  private record Turn(int sequence, int number) {}

  @Override
  public void received(int number) {
    if (number == 0 && lastReceived != 0xFF) {
      commandDue = true;
      commands = true;
    } else if (number != next(lastReceived)) {
      if (number != next(lastSent)) {
        throw new OutOfOrderException();
      }
      commands = false;
    }
    lastReceived = number;
  }

  @Override
  public int receiving(int sequence, boolean continuation) {
    boolean command = !continuation && (commandDue || (commands && sequence == 0));
    commandDue = false;
    if (command) {
      clientSequence = 0;
      silent = false;
    } else {
      clientSequence = next(sentSince && !continuation ? serverSequence : clientSequence);
      if (!continuation && !turns.isEmpty()) {
        turns.removeLast();
      }
    }
    sentSince = false;
    return clientSequence;
  }

  @Override
  public void receivingPayload(int first) {
    if (clientSequence == 0 && commands) {
      silent = CommandType.of(first).answer() == AnswerShape.NONE;
    }
  }

  @Override
  public void receivedPacket(boolean continues) {
    if (!silent && !continues) {
      turns.add(new Turn(next(clientSequence), next(lastReceived)));
    }
  }

  @Override
  public int sending(int sequence, boolean continuation) {
    Turn turn = turns.peek();
    boolean begins =
        turn != null
            && !continuation
            && (sequence == turn.sequence() || sequence != next(serverSequence));
    serverSequence = sequence;
    sentSince = true;
    if (!begins) {
      return -1;
    }
    turns.remove();
    return turn.number();
  }

  @Override
  public void sent(int number) {
    lastSent = number;
  }

  private static int next(int number) {
    return (number + 1) & 0xFF;
  }
}
