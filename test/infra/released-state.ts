const TABLE =
  'AWS::DynamoDB::GlobalTable [{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]';

/**
 * What must survive every release: logical ids and the properties that CloudFormation can only change by replacing. An entry is added
 * with a new resource; none is ever edited or removed, because AWS would make an empty one in its place (C1).
 */
export const RELEASED_STATE: Readonly<Record<string, string>> = {
  'Data/ArchiveBucket9DECBF5D': 'AWS::S3::Bucket',
  'Data/ArchiveDeadLetters34436536': 'AWS::SQS::Queue',
  'Data/ArchiveQueueCE09E701': 'AWS::SQS::Queue',
  'Data/Control42E771B2': TABLE,
  'Data/ControlApiAC3A38A3': 'AWS::ApiGatewayV2::Api "HTTP"',
  'Data/DeadLetterBucket37195E6A': 'AWS::S3::Bucket',
  'Data/IntakeDeadLettersA15864BB': 'AWS::SQS::Queue',
  'Data/IntakeQueue6FB53B87': 'AWS::SQS::Queue',
  'Data/Lane001051F652': 'AWS::SQS::Queue',
  'Data/Lane01F79F803D': 'AWS::SQS::Queue',
  'Data/Lane021DD70884': 'AWS::SQS::Queue',
  'Data/Lane03B89ABDCE': 'AWS::SQS::Queue',
  'Data/Lane0433B34EF5': 'AWS::SQS::Queue',
  'Data/Lane051BF83B1B': 'AWS::SQS::Queue',
  'Data/Lane0600A4791A': 'AWS::SQS::Queue',
  'Data/Lane0785AB866C': 'AWS::SQS::Queue',
  'Data/Lane08181F9C96': 'AWS::SQS::Queue',
  'Data/Lane0947CC1568': 'AWS::SQS::Queue',
  'Data/Lane10B65350E2': 'AWS::SQS::Queue',
  'Data/Lane1197405CD6': 'AWS::SQS::Queue',
  'Data/Lane12144B10AB': 'AWS::SQS::Queue',
  'Data/Lane133BC940BA': 'AWS::SQS::Queue',
  'Data/Lane14B978EB26': 'AWS::SQS::Queue',
  'Data/Lane15C93E361E': 'AWS::SQS::Queue',
  'Data/LedgerB7379752': TABLE,
  'Data/PeopleE38C8D03':
    'AWS::Cognito::UserPool ["email"] {"CaseSensitive":false} [{"Mutable":true,"Name":"email","Required":true},{"Mutable":true,"Name":"name","Required":false}]',
  'Data/Samples08D4F3B6': TABLE,
  'Data/SecretsKey317DCF94': 'AWS::KMS::Key',
  'Data/Seen47A6A2AD': TABLE,
  'Data/SharedLaneDeadLetters456EB6BC': 'AWS::SQS::Queue',
  'Data/SharedLaneQueue1B2E61AE': 'AWS::SQS::Queue',
  'Data/TrackingApi8A7A6493': 'AWS::ApiGatewayV2::Api "HTTP"',
  'Data/Usage04F2BA28': TABLE,
};
