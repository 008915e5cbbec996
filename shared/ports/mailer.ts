/** `refused`: no further try will help until somebody does what `message` says. `again`: another try may help. */
export type Sent = { outcome: 'sent' | 'refused' | 'again'; message: string };

/** Sends plain text, nothing else. Subject and addresses are on one line, whatever they are given. */
export type Mailer = {
  send(mail: { to: string; subject: string; text: string }): Promise<Sent>;
};
