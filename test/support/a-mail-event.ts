/** What SES publishes of a mail, in the shape of its examples: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html */
export function aMailEvent(
  eventType: 'Delivery' | 'Bounce' | 'Complaint' | 'Reject' | 'DeliveryDelay',
  { request = '01JQ0000000000000000000000', person = 'bob', kind = 'approval-asked' } = {},
) {
  const address = `${person}@example.com`
  const timestamp = '2027-03-01T10:00:04.669Z'
  const about = {
    Delivery: {
      delivery: {
        timestamp,
        processingTimeMillis: 3500,
        recipients: [address],
        smtpResponse: '250 2.6.0 Message received',
        remoteMtaIp: '127.0.2.0',
        reportingMTA: 'a8-53.smtp-out.amazonses.com',
      },
    },
    Bounce: {
      bounce: {
        bounceType: 'Permanent',
        bounceSubType: 'General',
        bouncedRecipients: [
          { emailAddress: address, action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
        ],
        timestamp,
        feedbackId: '01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000',
        reportingMTA: 'dsn; mta.example.com',
      },
    },
    Complaint: {
      complaint: {
        arrivalDate: timestamp,
        complainedRecipients: [{ emailAddress: address }],
        timestamp,
        feedbackId: '01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000',
        userAgent: 'Amazon SES Mailbox Simulator',
        complaintFeedbackType: 'abuse',
      },
    },
    Reject: { reject: { reason: 'Bad content' } },
    DeliveryDelay: {
      deliveryDelay: {
        timestamp,
        delayType: 'MailboxFull',
        expirationTime: '2027-03-02T00:25:12.133Z',
        delayedRecipients: [{ emailAddress: address, status: '4.2.2', diagnosticCode: 'smtp; 452 4.2.2 mailbox full' }],
      },
    },
  }[eventType]
  return {
    eventType,
    ...about,
    mail: {
      timestamp: '2027-03-01T10:00:02.012Z',
      source: 'lapse@example.com',
      sourceArn: 'arn:aws:ses:eu-central-1:111122223333:identity/lapse@example.com',
      sendingAccountId: '111122223333',
      messageId: '0107017c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000',
      destination: [address],
      headersTruncated: false,
      headers: [{ name: 'Subject', value: 'Alice asks' }],
      commonHeaders: { from: ['lapse@example.com'], to: [address], subject: 'Alice asks' },
      tags: {
        'ses:configuration-set': ['Lapse-Mail'],
        'ses:source-ip': ['192.0.2.0'],
        'ses:from-domain': ['example.com'],
        'ses:caller-identity': ['AskApprovers'],
        request: [request],
        person: [person],
        kind: [kind],
      },
    },
  }
}

/** What Lambda is given when a topic delivers a message. */
export function aTopicDelivery(message: object) {
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: 'arn:aws:sns:eu-central-1:111122223333:Lapse-MailFates:2bcfbf39',
        Sns: {
          Type: 'Notification',
          MessageId: '95df01b4-ee98-5cb9-9903-4c221d41eb5e',
          TopicArn: 'arn:aws:sns:eu-central-1:111122223333:Lapse-MailFates',
          Subject: 'Amazon SES Email Event Notification',
          Message: JSON.stringify(message),
          Timestamp: '2027-03-01T10:00:05.000Z',
          MessageAttributes: {},
        },
      },
    ],
  }
}
